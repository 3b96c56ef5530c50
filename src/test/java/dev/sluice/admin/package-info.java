/// Tests of the management port's endpoints.
@NullMarked
package dev.sluice.admin;

import org.jspecify.annotations.NullMarked;
