package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `v1` Pod: of our own Deployment only, for the EndpointSlices of the Gateways.
public record Pod(Metadata metadata, @Nullable Spec spec, @Nullable Status status)
        implements Resource {

    private static final String ZONE = "topology.kubernetes.io/zone";

    /// @param nodeName where it runs, null before it does
    public record Spec(@Nullable String nodeName) {}

    public record Status(
            @Nullable String podIP, List<PodIp> podIPs, List<PodCondition> conditions) {
        public Status {
            podIPs = Defaults.list(podIPs);
            conditions = Defaults.list(conditions);
        }
    }

    public record PodIp(String ip) {}

    public record PodCondition(String type, String status) {}

    /// The node that it runs on, null before it does.
    public @Nullable String nodeName() {
        return spec == null ? null : spec.nodeName();
    }

    /// The zone that its labels name (KEP-4742 puts it there); null for none.
    public @Nullable String zone() {
        return metadata.labels().get(ZONE);
    }

    /// The addresses, at most one of each family; none while there is none.
    public List<String> addresses() {
        if (status == null) {
            return List.of();
        }
        if (status.podIPs().isEmpty()) {
            return status.podIP() == null ? List.of() : List.of(status.podIP());
        }
        return status.podIPs().stream().map(PodIp::ip).toList();
    }

    public boolean isReady() {
        return status != null
                && status.conditions().stream()
                        .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
    }

    /// Whether it has been asked to end.
    public boolean isTerminating() {
        return metadata.deletionTimestamp() != null;
    }

    /// Whether it is to get new requests.
    public boolean takesRequests() {
        return isReady() && !isTerminating();
    }
}
