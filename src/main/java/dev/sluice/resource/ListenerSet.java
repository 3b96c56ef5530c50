package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `gateway.networking.k8s.io/v1` ListenerSet (GEP-1713).
public record ListenerSet(Metadata metadata, Spec spec) implements ListenerOwner {

    /// @param parentRef the Gateway that the listeners are added to
    public record Spec(ParentGateway parentRef, List<Gateway.Listener> listeners) {
        public Spec {
            listeners = Defaults.list(listeners);
        }
    }

    /// @param namespace null for the ListenerSet's own
    public record ParentGateway(
            String group, String kind, @Nullable String namespace, String name) {
        public ParentGateway {
            group = Defaults.text(group, Gateway.GROUP);
            kind = Defaults.text(kind, "Gateway");
        }
    }
}
