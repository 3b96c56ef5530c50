/// The standard filters, filters of Spring Cloud Gateway, and external authorization.
@NullMarked
package dev.sluice.gateway.filter;

import org.jspecify.annotations.NullMarked;
