package dev.sluice.translate.route;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.context.TranslationSettings.Sockets;
import dev.sluice.translate.status.Rejection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is wrong with a route, for all of its parents together.
final class RouteFindings {

    private final Route route;
    private final ObjectRef ref;
    private final Set<Finding> all = new LinkedHashSet<>();

    RouteFindings(Route route) {
        this.route = route;
        this.ref = Kinds.ref(route);
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    /// Of its rules.
    void add(Problems problems) {
        problems.all().forEach(one -> all.add(one.finding(ref, "spec.")));
    }

    /// Why it does not attach to a parent.
    void add(Route.ParentRef parent, Rejection rejection) {
        Finding finding = rejection.finding(ref, "spec.");
        all.add(
                finding.field().equals("spec.parentRefs")
                        ? Finding.at(finding.code(), ref, field(parent), finding.message())
                        : finding);
    }

    private String field(Route.ParentRef parent) {
        return "spec.parentRefs[" + route.parentRefs().indexOf(parent) + "]";
    }

    /// A parent is none of ours. In a cluster it may be another controller's, which answers for it
    /// if it is there at all; on one machine there is nobody else.
    void missing(Route.ParentRef parent, Resources resources, TranslationSettings settings) {
        String namespace = parent.namespace() == null ? route.namespace() : parent.namespace();
        ObjectRef to = new ObjectRef(parent.group(), parent.kind(), namespace, parent.name());
        boolean known =
                to.group().equals(Gateway.GROUP)
                        && (to.kind().equals("Gateway") || to.kind().equals("ListenerSet"));
        boolean there = known && resources.find(to) != null;
        if (settings.sockets() == Sockets.SERVICE && (there || !known)) {
            return;
        }
        String message =
                there
                        ? to + " is not served here: its own finding says why"
                        : known
                                ? to.kind() + " \"" + namespace + "/" + to.name() + "\" not found"
                                : to.kind() + " is neither a Gateway nor a ListenerSet";
        all.add(Finding.at(FindingCode.PARENT_NOT_FOUND, ref, field(parent), message));
    }
}
