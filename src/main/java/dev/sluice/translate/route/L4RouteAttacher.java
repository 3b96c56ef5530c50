package dev.sluice.translate.route;

import dev.sluice.finding.Finding;
import dev.sluice.ir.AttachedL4Rule;
import dev.sluice.ir.Backend;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.L4Rule;
import dev.sluice.ir.Tls;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.L4Route;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import dev.sluice.translate.backend.BackendResolver;
import dev.sluice.translate.backend.BackendUse;
import dev.sluice.translate.backend.Dependencies;
import dev.sluice.translate.backend.Traffic;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.gateway.ListenerState;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Attaches routes of connections to the listeners of their parents, and answers for each parent.
/// Such a route has no matches: only its first rule can ever be in effect.
public final class L4RouteAttacher {

    private final TranslationSettings translationSettings;
    private final RouteParents parents;
    private final BackendResolver backendResolver;
    private int rejected;

    public L4RouteAttacher(
            TranslationSettings translationSettings,
            RouteParents parents,
            BackendResolver backendResolver) {
        this.translationSettings = translationSettings;
        this.parents = parents;
        this.backendResolver = backendResolver;
    }

    /// @param findings gets what is wrong with it
    public void attach(L4Route route, Map<ObjectRef, Status> statuses, List<Finding> findings) {
        RouteFindings found = new RouteFindings(route);
        Map<RouteParents.Parent, Attachment> attachments = parents.attachments(route, found);
        if (!attachments.isEmpty()) {
            Status.OfRoute status = attach(route, attachments, found);
            statuses.put(Kinds.ref(route), status);
            if (RouteResult.isRejected(status)) {
                rejected++;
            }
        }
        findings.addAll(found.all());
    }

    /// How many routes were attached that are not served as they were written.
    public int rejected() {
        return rejected;
    }

    private record Served(List<L4Rule> rules, Problems problems) {}

    /// What the rules of a route depend on besides the route.
    ///
    /// @param certificate that the Gateway shows to backends, null for none
    /// @param passthrough whether backends get the client's own TLS
    private record Towards(Tls.@Nullable Certificate certificate, boolean passthrough) {

        Traffic traffic() {
            return passthrough ? Traffic.PASSTHROUGH : Traffic.TCP;
        }
    }

    private Status.OfRoute attach(
            L4Route route, Map<RouteParents.Parent, Attachment> attachments, RouteFindings found) {
        Set<NamespacedName> of = new LinkedHashSet<>();
        attachments.keySet().forEach(parent -> of.add(parent.gateway().key()));
        Map<Towards, Served> served = new HashMap<>();
        Set<ListenerState> taken = new HashSet<>(); // once, however often it is referred to
        List<Status.OfParent> answers = new ArrayList<>();
        attachments.forEach((parent, attachment) -> {
            Tls.Certificate certificate = parent.gateway().backendCertificate();
            Function<Boolean, Served> towards =
                    passthrough ->
                            served.computeIfAbsent(
                                    new Towards(certificate, passthrough),
                                    with -> serve(route, of, with));
            attachment
                    .listeners()
                    .forEach((listener, hostnames) -> {
                        Served by = towards.apply(listener.isPassthrough());
                        if (taken.add(listener)) {
                            listener.attachL4(attached(hostnames, by.rules()));
                        }
                    });
            boolean passthrough =
                    attachment.listeners().keySet().stream().anyMatch(ListenerState::isPassthrough);
            Served shown = towards.apply(passthrough); // the references are the same in each
            answers.add(
                    RouteAnswer.of(
                            route,
                            parent.ref(),
                            translationSettings.controllerName(),
                            attachment,
                            shown.problems(),
                            !shown.rules().isEmpty(),
                            List.of()));
        });
        served.values().forEach(by -> found.add(by.problems()));
        return new Status.OfRoute(answers);
    }

    private static List<AttachedL4Rule> attached(List<HostPattern> hostnames, List<L4Rule> rules) {
        return rules.stream().map(rule -> new AttachedL4Rule(hostnames, rule)).toList();
    }

    private Served serve(L4Route route, Set<NamespacedName> gateways, Towards towards) {
        BackendUse use = new BackendUse(route, gateways, towards.certificate(), new Dependencies());
        Problems problems = new Problems();
        Rejection excess = Rejection.excess(route.metadata());
        if (excess != null) {
            problems.add(excess);
            return new Served(List.of(), problems);
        }
        if (route.rules().isEmpty()) {
            return new Served(List.of(), problems);
        }
        for (int i = 1; i < route.rules().size(); i++) {
            problems.unsupported(
                    "rules[" + i + "]: rules[0] takes every connection, so this one takes none");
        }
        Route.Rule first = route.rules().getFirst();
        Rejection unsupported = Rejection.unsupported(route.metadata(), "spec.");
        if (unsupported != null) {
            problems.add(unsupported);
        }
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < first.backendRefs().size() && unsupported == null; i++) {
            String field = "rules[0].backendRefs[" + i + "]";
            backends.add(
                    backend(use, first.backendRefs().get(i), towards.traffic(), field, problems));
        }
        return new Served(
                List.of(new L4Rule(RuleOrigins.origin(route, first.name(), 0), backends)),
                problems);
    }

    /// A backend that does not resolve keeps its weight and ends connections.
    private Backend backend(
            BackendUse use,
            Route.BackendRef ref,
            Traffic traffic,
            String field,
            Problems problems) {
        int weight = ref.weight() == null ? 1 : ref.weight();
        Result<String> result = backendResolver.resolve(use, ref, traffic, field);
        if (result.rejection() != null && result.rejection().isReference()) {
            problems.add(result.rejection());
        }
        return result.value() == null
                ? new Backend.Invalid(weight, 0, "the backend does not resolve")
                : new Backend.Forward(weight, result.value(), List.of());
    }
}
