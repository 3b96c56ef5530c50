package dev.sluice.listener;

import dev.sluice.engine.HttpPort;
import dev.sluice.l4.L4Port;
import dev.sluice.net.FailedConnection;

/// What serves the connections of a port.
public sealed interface PortService {

    /// What hands connections on as they are.
    L4Port l4();

    /// A connection was ended, or not taken, before it was served.
    default void failed(FailedConnection connection) {
        l4().failed(connection);
    }

    /// Connections of HTTP, and over TLS of anything.
    record Http(HttpPort http, L4Port l4) implements PortService {}

    record Tcp(L4Port l4) implements PortService {}
}
