package dev.sluice.translate.policy;

import dev.sluice.finding.Finding;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.PolicySection;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Policy;
import dev.sluice.resource.PolicySpec;
import dev.sluice.resource.ReferenceGrants;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import dev.sluice.translate.backend.BackendPort;
import dev.sluice.translate.backend.PortPolicies;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.gateway.GatewayState;
import dev.sluice.translate.gateway.ListenerState;
import dev.sluice.translate.status.ObjectBarrier;
import dev.sluice.translate.status.Rejection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Our own policies (GEP-713): which of them are in effect for a rule, and what the status of each
/// says.
///
/// A policy is a set of sections. For each section, or group of sections ([PolicyKind#group]), the
/// most specific policy that has it decides: that of the rule, then of the route, of the listener,
/// of the ListenerSet, of the Gateway; for a backend, that of the Service's port and of the Service
/// come behind that of the route. Some sections are in effect for a Service's port itself, and so
/// decided by these two alone. Sections under `overrides` come first, those of the least specific
/// policy before others. Sections are never merged. Of two policies of a kind at one place the
/// older one is in effect, then the one whose name comes first; the status of the other names the
/// one that keeps it from acting. Of two kinds with the same section for a Service's port, the kind
/// that is listed first has it.
///
/// A policy that must not be passed by and names a section that its target does not have closes the
/// whole target, beside whatever is in effect there: which part was meant cannot be known. One that
/// was refused closes what it names. On one machine, where no target comes by itself, one whose
/// target is missing closes the routes of its namespace.
public final class EffectivePolicies implements PortPolicies {

    /// What stands for a section where a policy's target is the fault.
    private static final String TARGETS = "targetRefs";

    private final TranslationSettings translationSettings;
    private final List<PolicyKind> kinds;
    private final ObjectBarrier barrier;
    private final Map<PolicyKind, Map<PolicyTarget, PolicyState>> byTarget = new LinkedHashMap<>();
    private final Map<PolicyTarget, List<EffectivePolicy>> closing = new HashMap<>();
    private final Map<String, List<EffectivePolicy>> closingNamespaces = new HashMap<>();
    private final Map<ObjectRef, PolicyState> judged = new LinkedHashMap<>();

    public EffectivePolicies(
            TranslationSettings translationSettings,
            Resources resources,
            ReferenceGrants referenceGrants,
            List<PolicyKind> kinds,
            DecodedPolicies decodedPolicies,
            ObjectBarrier barrier) {
        this.translationSettings = translationSettings;
        this.kinds = kinds;
        this.barrier = barrier;
        for (PolicyKind kind : kinds) {
            Map<PolicyTarget, PolicyState> winners = new HashMap<>();
            byTarget.put(kind, winners);
            for (Policy policy : resources.all(kind.type())) {
                barrier.run(
                        policy,
                        () -> {
                            PolicyReferences references =
                                    new PolicyReferences(policy, resources, referenceGrants);
                            DecodedPolicy decoded =
                                    decodedPolicies.decoded(
                                            policy,
                                            () ->
                                                    DecodedPolicy.of(
                                                            kind, policy, references, barrier));
                            PolicyState one = new PolicyState(kind, policy, decoded);
                            judged.put(Kinds.ref(policy), one);
                            place(one, policy, winners, resources);
                        });
            }
        }
    }

    private void place(
            PolicyState one,
            Policy policy,
            Map<PolicyTarget, PolicyState> winners,
            Resources resources) {
        for (PolicySpec.TargetRef ref : policy.spec().targetRefs()) {
            PolicyTarget target = PolicyTarget.of(policy, ref);
            Rejection rejection = one.rejects(target, resources);
            if (rejection != null) {
                one.reject(rejection);
                if (one.isClosing(target, rejection)) {
                    close(new PolicyTarget(target.object(), null), one, target, rejection);
                } else if (one.isLost(rejection)
                        && translationSettings.sockets() == TranslationSettings.Sockets.OWN) {
                    closingNamespaces
                            .computeIfAbsent(policy.namespace(), _ -> new ArrayList<>())
                            .add(unusable(one, target, rejection));
                }
                continue;
            }
            Rejection refused = Rejection.refused(policy.metadata());
            if (refused != null) {
                one.reject(refused);
                if (one.failsClosed()) {
                    close(target, one, target, refused);
                }
                continue;
            }
            Rejection misplaced = one.misplaced(target);
            if (misplaced != null) {
                one.reject(misplaced);
            }
            PolicyState winner = winners.putIfAbsent(target, one);
            if (winner != null) {
                one.conflictsWith(target, winner);
            }
        }
    }

    private void close(
            PolicyTarget place, PolicyState by, PolicyTarget target, Rejection rejection) {
        closing.computeIfAbsent(place, _ -> new ArrayList<>()).add(unusable(by, target, rejection));
    }

    private static EffectivePolicy unusable(
            PolicyState by, PolicyTarget target, Rejection rejection) {
        return by.attach(TARGETS, new PolicySection.Unusable(rejection.message()), target);
    }

    /// Whether there is no policy at all.
    public boolean isEmpty() {
        return judged.isEmpty();
    }

    /// What is in effect for a rule on a listener.
    ///
    /// @param rule its name, null when it has none
    public List<AttachedPolicy> of(ListenerState listener, Route route, @Nullable String rule) {
        return isEmpty()
                ? List.of()
                : attached(
                        inEffect(
                                Set.of(Kinds.ref(listener.gateway())),
                                PolicyTarget.of(listener, route, rule),
                                Reach.RULES));
    }

    /// What is in effect for a backend of a rule on a listener.
    public List<EffectivePolicy> of(
            ListenerState listener, Route route, @Nullable String rule, BackendPort to) {
        return isEmpty()
                ? List.of()
                : inEffect(
                        Set.of(Kinds.ref(listener.gateway())),
                        PolicyTarget.of(listener, route, rule, to),
                        Reach.BACKENDS);
    }

    @Override
    public List<AttachedPolicy> of(BackendPort port) {
        if (isEmpty()) {
            return List.of();
        }
        List<ObjectRef> gateways =
                port.by().gateways().stream().map(EffectivePolicies::gateway).toList();
        return attached(inEffect(gateways, PolicyTarget.of(port), Reach.SERVICES));
    }

    private static List<AttachedPolicy> attached(List<EffectivePolicy> policies) {
        return policies.stream().map(EffectivePolicy::attached).toList();
    }

    private static ObjectRef gateway(NamespacedName key) {
        return new ObjectRef(Gateway.GROUP, "Gateway", key.namespace(), key.name());
    }

    /// What sections are in effect for.
    private enum Reach {
        RULES,
        /// Backends of rules, for each rule on its own.
        BACKENDS,
        /// Ports of Services, for all rules.
        SERVICES
    }

    /// @param gateways that lead there
    private List<EffectivePolicy> inEffect(
            Collection<ObjectRef> gateways, List<PolicyTarget> places, Reach reach) {
        List<EffectivePolicy> inEffect = new ArrayList<>();
        boolean ofServices = reach == Reach.SERVICES;
        for (PolicyKind kind : kinds) {
            if (kind.isOfBackends() == (reach == Reach.RULES)) {
                continue;
            }
            if (reach == Reach.RULES) {
                inEffect.addAll(closing(kind, gateways, places));
            }
            Precedence precedence = new Precedence(kind, ofServices, places);
            Map<PolicyTarget, PolicyState> winners = byTarget.getOrDefault(kind, Map.of());
            for (PolicyTarget place : places.reversed()) {
                PolicyState found = winners.get(place);
                if (found != null) {
                    gateways.forEach(found::effectiveOn);
                    precedence.overrides(found, place);
                }
            }
            for (PolicyTarget place : places) {
                PolicyState found = winners.get(place);
                if (found != null) {
                    precedence.defaults(found, place);
                }
            }
            for (EffectivePolicy section : precedence.inEffect()) {
                if (!ofServices || !isTaken(section, inEffect)) {
                    inEffect.add(section);
                }
            }
        }
        return inEffect;
    }

    /// @param places that of the rule or route first
    private List<EffectivePolicy> closing(
            PolicyKind kind, Collection<ObjectRef> gateways, List<PolicyTarget> places) {
        if (closing.isEmpty() && closingNamespaces.isEmpty()) {
            return List.of();
        }
        String namespace = places.getFirst().object().namespace();
        List<EffectivePolicy> found =
                Stream.concat(
                                places.stream()
                                        .flatMap(place ->
                                                closing.getOrDefault(place, List.of()).stream()),
                                closingNamespaces.getOrDefault(namespace, List.of()).stream())
                        .filter(one -> one.by().isOf(kind))
                        .toList();
        found.forEach(one -> gateways.forEach(one.by()::effectiveOn));
        return found;
    }

    /// Whether a policy of a kind that comes first has that section; then the status of the other
    /// says so.
    private static boolean isTaken(EffectivePolicy section, List<EffectivePolicy> before) {
        for (EffectivePolicy one : before) {
            if (one.attached().section().equals(section.attached().section())) {
                section.reject(
                        new Rejection(
                                "Conflicted",
                                ": " + one.attached().target() + " has it by " + one.policy()));
                return true;
            }
        }
        return false;
    }

    /// The condition on an object that policies are attached to, or to a part of it.
    public List<Condition> affected(ObjectRef target, long generation) {
        List<Condition> conditions = new ArrayList<>();
        byTarget.forEach((kind, winners) -> {
            Stream<PolicyState> attached =
                    winners.entrySet().stream()
                            .filter(entry -> entry.getKey().object().equals(target))
                            .map(Map.Entry::getValue);
            Stream<PolicyState> closed =
                    closing.entrySet().stream()
                            .filter(entry -> entry.getKey().object().equals(target))
                            .flatMap(entry -> entry.getValue().stream())
                            .map(EffectivePolicy::by)
                            .filter(one -> one.isOf(kind));
            List<String> names =
                    Stream.concat(attached, closed)
                            .map(one -> one.ref().toString())
                            .distinct()
                            .sorted()
                            .toList();
            if (!names.isEmpty()) {
                Kind named = Kinds.of(kind.type());
                conditions.add(Condition.affected(named, String.join(", ", names), generation));
            }
        });
        return conditions;
    }

    /// What is wrong with them; to be asked when all routes were translated.
    public List<Finding> findings() {
        return judged.values().stream().flatMap(one -> one.findings().stream()).toList();
    }

    /// @param ours the Gateways that are ours
    public Map<ObjectRef, Status> statuses(Collection<GatewayState> ours) {
        Map<ObjectRef, Status> statuses = new LinkedHashMap<>();
        judged.forEach((ref, one) ->
                barrier.run(
                        one.policy(),
                        () -> {
                            ours.forEach(one::addIfTargeted);
                            List<Status.OfAncestor> ancestors =
                                    one.ancestors(translationSettings.controllerName());
                            if (!ancestors.isEmpty()) {
                                statuses.put(ref, new Status.OfPolicy(ancestors));
                            }
                        }));
        return statuses;
    }
}
