package dev.sluice.resource;

import java.util.List;
import java.util.Set;

/// A kind of object that is read.
///
/// @param group API group, empty for core
/// @param versions that we can read, the preferred one first
/// @param name such as `HTTPRoute`
/// @param plural as in URLs
/// @param namespaced whether its objects belong to namespaces
/// @param answered whether we write statuses to its objects
/// @param type our record
public record Kind(
        String group,
        List<String> versions,
        String name,
        String plural,
        boolean namespaced,
        boolean answered,
        Class<? extends Resource> type) {

    /// Without these, or without a kind of Kubernetes' own, there is nothing to serve.
    private static final Set<String> REQUIRED = Set.of("GatewayClass", "Gateway", "HTTPRoute");

    public Kind {
        versions = List.copyOf(versions);
    }

    /// Whether a cluster may lack it.
    public boolean isOptional() {
        boolean own = group.isEmpty() || group.endsWith(".k8s.io") && !group.startsWith("gateway.");
        return !own && !REQUIRED.contains(name);
    }
}
