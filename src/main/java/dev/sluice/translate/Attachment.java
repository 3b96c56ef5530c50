package dev.sluice.translate;

import dev.sluice.ir.HostPattern;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Namespace;
import dev.sluice.resource.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which listeners of a parent a route attaches to, and by which of its hostnames.
///
/// @param listeners the listeners with the hostnames that intersect; empty when rejected
/// @param rejection why it attaches nowhere
record Attachment(Map<ListenerState, List<HostPattern>> listeners, @Nullable Rejection rejection) {

    static Attachment of(
            HttpRoute route,
            HttpRoute.ParentRef parent,
            List<ListenerState> candidates,
            Resources resources) {
        List<ListenerState> named =
                candidates.stream()
                        .filter(l ->
                                (parent.sectionName() == null
                                                || parent.sectionName().equals(l.spec.name()))
                                        && (parent.port() == null
                                                || parent.port() == l.spec.port()))
                        .toList();
        if (named.isEmpty()) {
            return rejected(
                    "NoMatchingParent",
                    "parentRefs: Gateway \""
                            + parent.name()
                            + "\" has no listener"
                            + (parent.sectionName() == null
                                    ? ""
                                    : " \"" + parent.sectionName() + "\"")
                            + (parent.port() == null ? "" : " on port " + parent.port()));
        }
        List<ListenerState> allowing =
                named.stream().filter(l -> allows(l, route, resources)).toList();
        if (allowing.isEmpty()) {
            return rejected(
                    "NotAllowedByListeners",
                    "parentRefs: allowedRoutes of Gateway \""
                            + parent.name()
                            + "\" does not take HTTPRoutes of namespace "
                            + route.namespace());
        }
        Map<ListenerState, List<HostPattern>> attached = new LinkedHashMap<>();
        for (ListenerState listener : allowing) {
            List<HostPattern> hostnames = hostnames(route, listener);
            if (!hostnames.isEmpty()) {
                attached.put(listener, hostnames);
            }
        }
        return attached.isEmpty()
                ? rejected(
                        "NoMatchingListenerHostname",
                        "hostnames: " + route.spec().hostnames() + " do not intersect a listener's")
                : new Attachment(attached, null);
    }

    private static Attachment rejected(String reason, String message) {
        return new Attachment(Map.of(), new Rejection(reason, message));
    }

    private static boolean allows(ListenerState listener, HttpRoute route, Resources resources) {
        if (listener.kinds.stream().noneMatch(k -> k.kind().equals("HTTPRoute"))) {
            return false;
        }
        Gateway.RouteNamespaces namespaces = listener.spec.allowedRoutes().namespaces();
        return switch (namespaces.from()) {
            case "All" -> true;
            case "Same" -> route.namespace().equals(listener.gateway.namespace());
            case "Selector" -> {
                Namespace namespace = resources.find(Namespace.class, "", route.namespace());
                yield namespace != null
                        && namespaces.selector() != null
                        && namespaces.selector().matches(namespace.metadata().labels());
            }
            default -> false;
        };
    }

    private static List<HostPattern> hostnames(HttpRoute route, ListenerState listener) {
        if (route.spec().hostnames().isEmpty()) {
            return List.of(HostPattern.ANY);
        }
        List<HostPattern> result = new ArrayList<>();
        for (String hostname : route.spec().hostnames()) {
            HostPattern pattern = new HostPattern(hostname);
            if (pattern.intersects(listener.hostname)) {
                result.add(pattern);
            }
        }
        return result;
    }
}
