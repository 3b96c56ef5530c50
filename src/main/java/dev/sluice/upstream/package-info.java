/// Backends: endpoints, connection pools of each event loop, balancing, and the client side of
/// HTTP.
@NullMarked
package dev.sluice.upstream;

import org.jspecify.annotations.NullMarked;
