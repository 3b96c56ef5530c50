package dev.sluice.ir;

import java.util.List;

/// A port of a Service with the endpoints behind it.
///
/// @param id `namespace/service:port`, with a suffix where TLS settings tell two users apart
/// @param protocol what the endpoints speak
/// @param endpoints the ready ones; empty answers 503
public record Upstream(String id, Protocol protocol, List<Endpoint> endpoints) {

    public Upstream {
        endpoints = List.copyOf(endpoints);
    }

    /// What a backend speaks, from the Service port's `appProtocol` (GEP-1911).
    public enum Protocol {
        /// HTTP/1.1, also for WebSocket.
        HTTP1,
        /// HTTP/2 in clear text with prior knowledge.
        H2C
    }

    /// An address to connect to.
    ///
    /// @param host IPv4 or IPv6 literal, or a DNS name
    /// @param port 1 to 65535
    public record Endpoint(String host, int port) {
        @Override
        public String toString() {
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }
}
