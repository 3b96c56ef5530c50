/// Connections to one endpoint: pools of each event loop, both client sides of HTTP, pending
/// requests.
@NullMarked
package dev.sluice.upstream.pool;

import org.jspecify.annotations.NullMarked;
