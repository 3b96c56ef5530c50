package dev.sluice.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A port of a Service with the endpoints behind it.
///
/// @param id `namespace/service:port`, with a suffix where TLS settings distinguish two users
/// @param protocol what the endpoints speak
/// @param tls how connections are encrypted, null for clear text
/// @param endpoints the ready ones; empty answers 503
/// @param policies sections of policies that are in effect for it, whatever rule leads there
public record Upstream(
        String id,
        Protocol protocol,
        @Nullable UpstreamTls tls,
        List<Endpoint> endpoints,
        List<AttachedPolicy> policies) {

    public Upstream {
        endpoints = List.copyOf(endpoints);
        policies = List.copyOf(policies);
    }

    /// An upstream without policies.
    public Upstream(
            String id, Protocol protocol, @Nullable UpstreamTls tls, List<Endpoint> endpoints) {
        this(id, protocol, tls, endpoints, List.of());
    }

    /// The section of that type that acts on it, null when there is none.
    public <T extends PolicySection> @Nullable T enforced(Class<T> type) {
        Attached<T> found = attached(type);
        return found == null || !found.enforced() ? null : found.section();
    }

    /// The section of that type that acts on it, or reports what it would do; null when there is
    /// none.
    public <T extends PolicySection> @Nullable Attached<T> attached(Class<T> type) {
        for (AttachedPolicy policy : policies) {
            if (policy.mode() != AttachedPolicy.Mode.OFF && type.isInstance(policy.value())) {
                return new Attached<>(
                        type.cast(policy.value()), policy.mode() == AttachedPolicy.Mode.ENFORCE);
            }
        }
        return null;
    }

    /// A section that is in effect.
    ///
    /// @param enforced false where it only reports what it would do
    public record Attached<T extends PolicySection>(T section, boolean enforced) {}

    /// What a backend speaks, from the Service port's `appProtocol` (GEP-1911).
    public enum Protocol {
        /// HTTP/1.1, also for WebSocket; over TLS asked for by ALPN.
        HTTP1,
        /// HTTP/2 with prior knowledge: `kubernetes.io/h2c`, and every backend of a GRPCRoute; over
        /// TLS asked for by ALPN.
        HTTP2,
        /// Bytes that nobody looks at: every backend of a TCPRoute. Over TLS nothing is asked for
        /// by ALPN.
        TCP
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
