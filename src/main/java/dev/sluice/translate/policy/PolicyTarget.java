package dev.sluice.translate.policy;

import dev.sluice.finding.FindingCode;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Policy;
import dev.sluice.resource.PolicySpec;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import dev.sluice.translate.backend.BackendPort;
import dev.sluice.translate.gateway.ListenerState;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A place that policies are attached to.
///
/// @param object a Gateway, ListenerSet, route or Service
/// @param section a listener, a rule or a port of it; null for the whole object
record PolicyTarget(ObjectRef object, @Nullable String section) {

    static PolicyTarget of(Policy policy, PolicySpec.TargetRef ref) {
        return new PolicyTarget(
                new ObjectRef(ref.group(), ref.kind(), policy.namespace(), ref.name()),
                ref.sectionName());
    }

    /// Where policies for a rule may be attached, the most specific place first.
    static List<PolicyTarget> of(ListenerState listener, Route route, @Nullable String rule) {
        List<PolicyTarget> places = new ArrayList<>();
        ObjectRef ofRoute = Kinds.ref(route);
        if (rule != null) {
            places.add(new PolicyTarget(ofRoute, rule));
        }
        places.add(new PolicyTarget(ofRoute, null));
        ObjectRef owner = Kinds.ref(listener.owner());
        places.add(new PolicyTarget(owner, listener.spec().name()));
        places.add(new PolicyTarget(owner, null));
        if (listener.owner() instanceof ListenerSet) {
            places.add(new PolicyTarget(Kinds.ref(listener.gateway()), null));
        }
        return places;
    }

    /// Where policies for a backend of a rule may be attached, the most specific place first: a
    /// Service knows itself better than a Gateway does, and a route knows what it asks for.
    static List<PolicyTarget> of(
            ListenerState listener, Route route, @Nullable String rule, BackendPort to) {
        List<PolicyTarget> places = new ArrayList<>(of(listener, route, rule));
        places.addAll(rule == null ? 1 : 2, of(to));
        return places;
    }

    /// Where policies for a port of a Service may be attached, the most specific place first.
    static List<PolicyTarget> of(BackendPort port) {
        PolicyTarget service = new PolicyTarget(Kinds.ref(port.service()), null);
        String name = port.port().name();
        return name == null
                ? List.of(service)
                : List.of(new PolicyTarget(service.object(), name), service);
    }

    /// Whether it is a Service, or a port of one.
    boolean isOfService() {
        return object.kind().equals("Service");
    }

    /// Why there is no such place, null when there is.
    @Nullable Rejection missing(Resources resources) {
        Resource found = resources.find(object);
        if (found == null) {
            return new Rejection("TargetNotFound", "targetRefs: " + object + " not found");
        }
        return section == null || sections(found).anyMatch(section::equals)
                ? null
                : new Rejection(
                        "TargetNotFound",
                        "targetRefs: " + object + " has no section \"" + section + "\"",
                        FindingCode.TARGET_SECTION_NOT_FOUND);
    }

    /// The names of an object's parts that a policy may be attached to.
    private static Stream<@Nullable String> sections(Resource object) {
        return switch (object) {
            case Gateway gateway -> gateway.spec().listeners().stream().map(Gateway.Listener::name);
            case ListenerSet set -> set.spec().listeners().stream().map(Gateway.Listener::name);
            case Route route -> route.rules().stream().map(Route.Rule::name);
            case Service service -> service.spec().ports().stream().map(Service.Port::name);
            default -> Stream.empty();
        };
    }

    /// `Gateway shop/web, section https`.
    @Override
    public String toString() {
        return object + (section == null ? "" : ", section " + section);
    }
}
