package dev.sluice.listener;

import dev.sluice.engine.HttpPort;
import dev.sluice.l4.TcpPort;
import dev.sluice.net.FailedConnection;

/// What serves the connections of a port.
public sealed interface PortService {

    /// A connection was ended, or not taken, before it was served.
    void failed(FailedConnection connection);

    record Http(HttpPort port) implements PortService {
        @Override
        public void failed(FailedConnection connection) {
            port.failed(connection);
        }
    }

    record Tcp(TcpPort port) implements PortService {
        @Override
        public void failed(FailedConnection connection) {
            port.failed(connection);
        }
    }
}
