package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `discovery.k8s.io/v1` EndpointSlice.
public record EndpointSlice(Metadata metadata, List<Endpoint> endpoints, List<Port> ports)
        implements Resource {

    /// The label that names the Service.
    public static final String SERVICE = "kubernetes.io/service-name";

    public EndpointSlice {
        endpoints = Defaults.list(endpoints);
        ports = Defaults.list(ports);
    }

    public record Endpoint(List<String> addresses, @Nullable Conditions conditions) {
        public Endpoint {
            addresses = Defaults.list(addresses);
        }

        /// An unknown readiness counts as ready.
        public boolean isReady() {
            return conditions == null || conditions.ready() == null || conditions.ready();
        }

        /// Whether it ends, and still serves.
        public boolean isEnding() {
            return conditions != null
                    && Boolean.TRUE.equals(conditions.terminating())
                    && Boolean.TRUE.equals(conditions.serving());
        }
    }

    public record Conditions(
            @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating) {}

    /// @param name of the Service's port; null is the same as empty
    public record Port(@Nullable String name, @Nullable Integer port) {}
}
