/// Services as Spring Cloud's discovery clients, for filters of users.
@NullMarked
package dev.sluice.discovery;

import org.jspecify.annotations.NullMarked;
