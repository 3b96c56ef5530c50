/// Errors that nobody expected end one request, and give everything back.
@NullMarked
package dev.sluice.gateway.barrier;

import org.jspecify.annotations.NullMarked;
