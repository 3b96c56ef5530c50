package dev.sluice.translate.route;

import dev.sluice.finding.Finding;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedRule;
import dev.sluice.ir.Backend;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.Tls;
import dev.sluice.resource.Condition;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.NamespacedName;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import dev.sluice.translate.backend.BackendPort;
import dev.sluice.translate.backend.BackendResolver;
import dev.sluice.translate.backend.BackendUse;
import dev.sluice.translate.backend.Dependencies;
import dev.sluice.translate.context.TranslationSettings;
import dev.sluice.translate.gateway.ListenerState;
import dev.sluice.translate.policy.EffectivePolicies;
import dev.sluice.translate.policy.EffectivePolicy;
import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Attaches routes to the listeners of their parents, and answers for each parent.
public final class RouteAttacher {

    private final TranslationSettings translationSettings;
    private final RouteParents parents;
    private final BackendResolver backendResolver;
    private final RouteTranslator translator;
    private final EffectivePolicies effectivePolicies;
    private final RouteCache cache;
    private int rejected;

    public RouteAttacher(
            TranslationSettings translationSettings,
            Resources resources,
            RouteParents parents,
            BackendResolver backendResolver,
            EffectivePolicies effectivePolicies,
            RouteCache cache) {
        this.translationSettings = translationSettings;
        this.parents = parents;
        this.backendResolver = backendResolver;
        this.translator =
                new RouteTranslator(
                        backendResolver, new FilterTranslator(resources, backendResolver));
        this.effectivePolicies = effectivePolicies;
        this.cache = cache;
    }

    /// @param findings gets what is wrong with it
    public void attach(Route route, Map<ObjectRef, Status> statuses, List<Finding> findings) {
        RouteResult routeResult = cache.known(route);
        if (routeResult != null) {
            use(routeResult);
        }
        if (routeResult == null || !effectivePolicies.isEmpty() && !isUnder(routeResult, route)) {
            routeResult = outcome(route);
        }
        cache.keep(route, routeResult);
        for (RouteResult.ListenerRules on : routeResult.attached()) {
            listener(on).attach(on.rules());
        }
        if (routeResult.status() != null) {
            statuses.put(routeResult.ref(), routeResult.status());
        }
        findings.addAll(routeResult.findings());
        if (routeResult.rejected()) {
            rejected++;
        }
    }

    /// The backends that it leads to are there from now on.
    private void use(RouteResult routeResult) {
        for (BackendPort used : routeResult.dependencies().used()) {
            backendResolver.upstream(used);
        }
    }

    /// How many routes were attached that are not served as they were written.
    public int rejected() {
        return rejected;
    }

    private ListenerState listener(RouteResult.ListenerRules on) {
        return parents.listener(on.gateway(), on.listener());
    }

    /// Whether the policies in effect are the same still.
    private boolean isUnder(RouteResult routeResult, Route route) {
        if (!routeResult
                .affected()
                .equals(
                        effectivePolicies.affected(
                                routeResult.ref(), route.metadata().generation()))) {
            return false;
        }
        boolean same = true;
        for (RouteResult.ListenerRules on : routeResult.attached()) {
            ListenerState listener = listener(on);
            for (AttachedRule attached : on.rules()) {
                HttpRule rule = attached.rule();
                same &= under(listener, route, rule, routeResult.dependencies()).equals(rule);
            }
        }
        return same;
    }

    private RouteResult outcome(Route route) {
        ObjectRef ref = Kinds.ref(route);
        Dependencies dependencies = new Dependencies();
        RouteFindings findings = new RouteFindings(route);
        Map<RouteParents.Parent, Attachment> attachments = parents.attachments(route, findings);
        if (attachments.isEmpty()) {
            return new RouteResult(
                    ref, dependencies, List.of(), List.of(), null, false, findings.all());
        }
        Set<NamespacedName> of = new LinkedHashSet<>();
        attachments.keySet().forEach(parent -> of.add(parent.gateway().key()));
        UnaryOperator<HttpRule> interning = cache.interning(route);
        List<Condition> affected = effectivePolicies.affected(ref, route.metadata().generation());
        Map<Object, Rules> byCertificate = new HashMap<>();
        List<RouteResult.ListenerRules> attached = new ArrayList<>();
        Set<ListenerState> taken = new HashSet<>(); // once, however often it is referred to
        List<Status.OfParent> answers = new ArrayList<>();
        attachments.forEach((parent, attachment) -> {
            // Rules differ between Gateways only where those present different certificates.
            Tls.Certificate certificate = parent.gateway().backendCertificate();
            Rules rules =
                    byCertificate.computeIfAbsent(
                            certificate == null ? "" : certificate,
                            _ -> rules(new BackendUse(route, of, certificate, dependencies)));
            attachment
                    .listeners()
                    .forEach((listener, hostnames) -> {
                        if (taken.add(listener)) {
                            attached.add(
                                    new RouteResult.ListenerRules(
                                            parent.gateway().key(),
                                            parent.gateway().listeners().indexOf(listener),
                                            rules.rules().stream()
                                                    .map(rule ->
                                                            under(
                                                                    listener,
                                                                    route,
                                                                    rule,
                                                                    dependencies))
                                                    .map(interning)
                                                    .map(rule -> new AttachedRule(hostnames, rule))
                                                    .toList()));
                        }
                    });
            answers.add(
                    RouteAnswer.of(
                            route,
                            parent.ref(),
                            translationSettings.controllerName(),
                            attachment,
                            rules.problems(),
                            !rules.rules().isEmpty(),
                            affected));
        });
        byCertificate.values().forEach(rules -> findings.add(rules.problems()));
        return RouteResult.of(
                ref, dependencies, attached, affected, new Status.OfRoute(answers), findings.all());
    }

    private record Rules(List<HttpRule> rules, Problems problems) {}

    private Rules rules(BackendUse use) {
        Problems problems = new Problems();
        Rejection excess = Rejection.excess(use.route().metadata());
        if (excess != null) {
            problems.add(excess);
            return new Rules(List.of(), problems);
        }
        return new Rules(translator.rules(use, problems), problems);
    }

    private HttpRule under(
            ListenerState listener, Route route, HttpRule rule, Dependencies dependencies) {
        String name = rule.origin().ruleName();
        if (effectivePolicies.isEmpty()) {
            return rule.with(List.of());
        }
        List<Backend> under = new ArrayList<>(rule.backends().size());
        for (Backend backend : rule.backends()) {
            under.add(
                    switch (backend) {
                        case Backend.Forward(int weight, String id, var filters, _, _) -> {
                            BackendPort used = dependencies.port(id);
                            List<EffectivePolicy> own =
                                    effectivePolicies.of(listener, route, name, used);
                            yield new Backend.Forward(
                                    weight,
                                    id,
                                    filters,
                                    own.stream().map(EffectivePolicy::attached).toList(),
                                    fallback(own, used));
                        }
                        case Backend.Invalid invalid -> invalid;
                    });
        }
        return rule.with(under, effectivePolicies.of(listener, route, name));
    }

    /// The upstream that a policy may send requests of a backend to instead, null for none.
    private @Nullable String fallback(List<EffectivePolicy> own, BackendPort instead) {
        for (EffectivePolicy policy : own) {
            AttachedPolicy attached = policy.attached();
            PolicySection.ServicePort to = attached.value().diversion();
            if (to != null && attached.mode() != AttachedPolicy.Mode.OFF) {
                Result<String> id = backendResolver.fallback(policy.policy(), to, instead);
                if (id.rejection() != null) {
                    policy.reject(id.rejection());
                }
                return id.value();
            }
        }
        return null;
    }
}
