package dev.sluice.translate.route;

import dev.sluice.ir.HostPattern;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Route;
import dev.sluice.translate.context.AllowedNamespaces;
import dev.sluice.translate.gateway.ListenerState;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which listeners of a parent a route attaches to, and by which of its hostnames.
///
/// @param listeners the listeners with the hostnames that intersect; empty when rejected
/// @param rejection why it attaches nowhere
public record Attachment(
        Map<ListenerState, List<HostPattern>> listeners, @Nullable Rejection rejection) {

    /// @param candidates the parent's listeners
    public static Attachment of(
            Route route,
            Route.ParentRef parent,
            List<ListenerState> candidates,
            AllowedNamespaces allowedNamespaces) {
        List<ListenerState> named = candidates.stream().filter(l -> isNamed(parent, l)).toList();
        String name = parent.kind() + " \"" + parent.name() + "\"";
        if (named.isEmpty()) {
            String section =
                    parent.sectionName() == null ? "" : " \"" + parent.sectionName() + "\"";
            String port = parent.port() == null ? "" : " on port " + parent.port();
            return rejected(
                    "NoMatchingParent",
                    "parentRefs: " + name + " has no listener" + section + port);
        }
        ObjectRef ref = Kinds.ref(route);
        List<ListenerState> allowing =
                named.stream()
                        .filter(l ->
                                l.takes(ref)
                                        && allowedNamespaces.allow(
                                                l.spec().allowedRoutes().namespaces(),
                                                route.namespace(),
                                                l.owner().namespace()))
                        .toList();
        if (allowing.isEmpty()) {
            return rejected(
                    "NotAllowedByListeners",
                    "parentRefs: allowedRoutes of "
                            + name
                            + " does not take "
                            + ref.kind()
                            + "s of namespace "
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
                        "hostnames: " + route.hostnames() + " do not intersect a listener's")
                : new Attachment(attached, null);
    }

    static Attachment rejected(String reason, String message) {
        return new Attachment(Map.of(), new Rejection(reason, message));
    }

    private static boolean isNamed(Route.ParentRef parent, ListenerState listener) {
        return (parent.sectionName() == null || parent.sectionName().equals(listener.spec().name()))
                && (parent.port() == null || parent.port() == listener.spec().port());
    }

    private static List<HostPattern> hostnames(Route route, ListenerState listener) {
        if (route.hostnames().isEmpty()) {
            return List.of(HostPattern.ANY);
        }
        List<HostPattern> result = new ArrayList<>();
        for (String hostname : route.hostnames()) {
            HostPattern pattern = new HostPattern(hostname);
            if (pattern.intersects(listener.hostname())) {
                result.add(pattern);
            }
        }
        return result;
    }
}
