package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `v1` Service.
public record Service(Metadata metadata, Spec spec) implements Resource {

    /// Endpoints for a laptop: `host:port` pairs, separated by commas, in the place of
    /// EndpointSlices.
    public static final String ENDPOINTS = "sluice.dev/endpoints";

    public Service {
        spec = spec == null ? new Spec(null, null, List.of()) : spec;
    }

    /// @param type `ClusterIP`, `ExternalName` or another
    public record Spec(@Nullable String type, @Nullable String externalName, List<Port> ports) {
        public Spec {
            ports = Defaults.list(ports);
        }
    }

    public record Port(@Nullable String name, int port, @Nullable String appProtocol) {}
}
