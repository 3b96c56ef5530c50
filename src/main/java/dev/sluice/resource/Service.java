package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `v1` Service.
public record Service(Metadata metadata, Spec spec, @Nullable Status status) implements Resource {

    /// Endpoints for a laptop: `host:port` pairs, separated by commas, in the place of
    /// EndpointSlices.
    public static final String ENDPOINTS = "sluice.dev/endpoints";

    public Service {
        spec = spec == null ? new Spec(null, null, null, List.of()) : spec;
    }

    /// @param type `ClusterIP`, `ExternalName` or another
    /// @param externalTrafficPolicy `Local` keeps clients' addresses, null where there is none
    public record Spec(
            @Nullable String type,
            @Nullable String externalName,
            @Nullable String loadBalancerIP,
            List<Port> ports,
            List<String> clusterIPs,
            @Nullable String externalTrafficPolicy) {
        public Spec {
            ports = Defaults.list(ports);
            clusterIPs = Defaults.list(clusterIPs);
        }

        /// One without addresses.
        public Spec(
                @Nullable String type,
                @Nullable String externalName,
                @Nullable String loadBalancerIP,
                List<Port> ports) {
            this(type, externalName, loadBalancerIP, ports, List.of(), null);
        }
    }

    /// @param targetPort number or name
    /// @param nodePort at which each node leads there, null for none
    public record Port(
            @Nullable String name,
            int port,
            @Nullable String appProtocol,
            @Nullable String targetPort,
            @Nullable Integer nodePort) {

        /// One without a port of the nodes.
        public Port(
                @Nullable String name,
                int port,
                @Nullable String appProtocol,
                @Nullable String targetPort) {
            this(name, port, appProtocol, targetPort, null);
        }
    }

    public record Status(@Nullable LoadBalancer loadBalancer) {}

    public record LoadBalancer(List<Ingress> ingress) {
        public LoadBalancer {
            ingress = Defaults.list(ingress);
        }
    }

    /// An address that leads to the Service from outside.
    public record Ingress(@Nullable String ip, @Nullable String hostname) {}

    /// The addresses that lead to the Service from outside.
    public List<Ingress> ingress() {
        return status == null || status.loadBalancer() == null
                ? List.of()
                : status.loadBalancer().ingress();
    }
}
