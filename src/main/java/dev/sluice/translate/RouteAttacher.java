package dev.sluice.translate;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.Tls;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.GrpcRoute;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ListenerSet;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Attaches routes to the listeners of their parents, and answers for each parent.
final class RouteAttacher {

    private final Settings settings;
    private final Resources resources;
    private final Map<String, GatewayState> gateways;
    private final RouteTranslator translator;
    private final Policies policies;
    private final Namespaces namespaces;

    RouteAttacher(
            Settings settings,
            Resources resources,
            Map<String, GatewayState> gateways,
            RouteTranslator translator,
            Policies policies) {
        this.settings = settings;
        this.resources = resources;
        this.gateways = gateways;
        this.translator = translator;
        this.policies = policies;
        this.namespaces = new Namespaces(resources);
    }

    /// A parent of ours with what it offers.
    private record Parent(
            Route.ParentRef ref, GatewayState gateway, List<ListenerState> listeners) {}

    void attach(Route route, Map<ObjectRef, Status> statuses) {
        List<Parent> parents = new ArrayList<>();
        for (Route.ParentRef ref : route.parentRefs()) {
            Parent parent = parent(route, ref);
            if (parent != null) {
                parents.add(parent);
            }
        }
        if (parents.isEmpty()) {
            return;
        }
        Map<Parent, Attachment> attachments = new LinkedHashMap<>();
        List<GatewayState> attached = new ArrayList<>();
        for (Parent parent : parents) {
            Attachment attachment =
                    Attachment.of(route, parent.ref(), parent.listeners(), namespaces);
            attachments.put(parent, attachment);
            if (!attached.contains(parent.gateway())) {
                attached.add(parent.gateway());
            }
        }
        Map<Object, Rules> byCertificate = new HashMap<>();
        List<Status.OfParent> answers = new ArrayList<>();
        attachments.forEach((parent, attachment) -> {
            // Rules differ between Gateways only where those present different certificates.
            Tls.Certificate certificate = parent.gateway().backendCertificate();
            Rules rules =
                    byCertificate.computeIfAbsent(
                            certificate == null ? "" : certificate,
                            _ -> rules(route, attached, certificate));
            attach(route, attachment, rules);
            answers.add(answer(route, parent.ref(), attachment, rules));
        });
        statuses.put(Kinds.ref(route), new Status.OfRoute(answers));
    }

    private record Rules(List<HttpRule> rules, Problems problems) {}

    private Rules rules(
            Route route, List<GatewayState> attached, Tls.@Nullable Certificate certificate) {
        Problems problems = new Problems();
        Backends.Use use =
                new Backends.Use(route, attached, certificate, route instanceof GrpcRoute);
        return new Rules(translator.rules(use, problems), problems);
    }

    private void attach(Route route, Attachment attachment, Rules rules) {
        attachment
                .listeners()
                .forEach((listener, hostnames) ->
                        listener.attach(
                                Kinds.ref(route),
                                rules.rules().stream()
                                        .map(rule -> rule.with(attached(listener, route, rule)))
                                        .map(rule -> new AttachedRule(hostnames, rule))
                                        .toList()));
    }

    private List<AttachedPolicy> attached(ListenerState listener, Route route, HttpRule rule) {
        return policies.of(listener, route, rule.origin().ruleName());
    }

    /// A parent that is ours, null otherwise: others answer for theirs.
    private @Nullable Parent parent(Route route, Route.ParentRef ref) {
        if (!ref.group().equals(Gateway.GROUP)) {
            return null;
        }
        String namespace = ref.namespace() == null ? route.namespace() : ref.namespace();
        return switch (ref.kind()) {
            case "Gateway" -> {
                GatewayState state = gateways.get(namespace + "/" + ref.name());
                yield state == null
                        ? null
                        : new Parent(ref, state, state.listenersOf(state.gateway()));
            }
            case "ListenerSet" -> {
                ListenerSet set = resources.find(ListenerSet.class, namespace, ref.name());
                yield set == null ? null : parent(ref, set);
            }
            default -> null;
        };
    }

    private @Nullable Parent parent(Route.ParentRef ref, ListenerSet set) {
        for (GatewayState state : gateways.values()) {
            if (GatewayTranslator.isParent(set, state.gateway())) {
                return new Parent(ref, state, state.listenersOf(set));
            }
        }
        return null;
    }

    private Status.OfParent answer(
            Route route, Route.ParentRef parent, Attachment attachment, Rules rules) {
        long generation = route.metadata().generation();
        Rejection unsupported = rules.problems().unsupported();
        Rejection rejection =
                attachment.rejection() != null
                        ? attachment.rejection()
                        : rules.rules().isEmpty() ? unsupported : null;
        List<Condition> conditions = new ArrayList<>();
        conditions.add(Conditions.of("Accepted", "Accepted", rejection, generation));
        conditions.add(
                Conditions.of(
                        "ResolvedRefs", "ResolvedRefs", rules.problems().unresolved(), generation));
        if (unsupported != null && rejection == null) {
            conditions.add(
                    new Condition(
                            "PartiallyInvalid",
                            true,
                            unsupported.reason(),
                            unsupported.message(),
                            generation));
        }
        conditions.addAll(policies.affected(Kinds.ref(route), generation));
        return new Status.OfParent(parent, settings.controllerName(), conditions);
    }
}
