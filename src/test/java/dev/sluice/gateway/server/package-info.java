/// Connections of clients: framing, limits, floods, HTTP/2, TLS.
@NullMarked
package dev.sluice.gateway.server;

import org.jspecify.annotations.NullMarked;
