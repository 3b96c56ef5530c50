package dev.sluice.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `gateway.networking.k8s.io/v1` ReferenceGrant.
public record ReferenceGrant(Metadata metadata, Spec spec) implements Resource {

    public record Spec(List<From> from, List<To> to) {
        public Spec {
            from = Defaults.list(from);
            to = Defaults.list(to);
        }
    }

    public record From(String group, String kind, String namespace) {}

    /// @param name null for all objects of the kind
    public record To(String group, String kind, @Nullable String name) {
        public To {
            group = Defaults.text(group, "");
        }
    }
}
