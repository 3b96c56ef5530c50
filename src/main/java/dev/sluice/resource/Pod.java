package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `v1` Pod: of our own Deployment only, for the EndpointSlices of the Gateways.
public record Pod(Metadata metadata, @Nullable Status status) implements Resource {

    public record Status(@Nullable String podIP, List<PodCondition> conditions) {
        public Status {
            conditions = Defaults.list(conditions);
        }
    }

    public record PodCondition(String type, String status) {}

    /// The address, null while there is none.
    public @Nullable String address() {
        return status == null ? null : status.podIP();
    }

    public boolean isReady() {
        return status != null
                && status.conditions().stream()
                        .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
    }
}
