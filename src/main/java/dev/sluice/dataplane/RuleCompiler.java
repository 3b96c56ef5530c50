package dev.sluice.dataplane;

import dev.sluice.engine.CompiledRule;
import dev.sluice.engine.ForwardInterceptor;
import dev.sluice.engine.Forwarder;
import dev.sluice.engine.Reporting;
import dev.sluice.engine.RulePolicies;
import dev.sluice.engine.Stage;
import dev.sluice.engine.StageChain;
import dev.sluice.engine.Telemetry;
import dev.sluice.filter.ExternalAuthStage;
import dev.sluice.filter.Filters;
import dev.sluice.forward.MirrorTarget;
import dev.sluice.forward.RuleBackends;
import dev.sluice.forward.RuleForwarder;
import dev.sluice.forward.StickySessions;
import dev.sluice.forward.Target;
import dev.sluice.forward.Targets;
import dev.sluice.forward.UpstreamRetryPolicy;
import dev.sluice.ir.Backend;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.SessionPersistence;
import dev.sluice.observe.RequestMeters;
import dev.sluice.telemetry.RuleObserver;
import dev.sluice.upstream.Upstreams;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes rules ready to serve, and keeps those that have not changed. Called by one thread at a
/// time.
public final class RuleCompiler {

    private final Upstreams upstreams;
    private final RequestMeters meters;
    private final RulePolicies policies;
    private final Function<HttpRule, @Nullable ForwardInterceptor> interceptors;

    /// By instance: translation keeps that of a rule which did not change.
    private final IdentityHashMap<HttpRule, CompiledRule> known = new IdentityHashMap<>();

    /// How many of them there are of an id.
    private final Map<String, Integer> ids = new HashMap<>();

    /// @param interceptors makes the Spring stage of a rule that needs one
    public RuleCompiler(
            Upstreams upstreams,
            RequestMeters meters,
            RulePolicies policies,
            Function<HttpRule, @Nullable ForwardInterceptor> interceptors) {
        this.upstreams = upstreams;
        this.meters = meters;
        this.policies = policies;
        this.interceptors = interceptors;
    }

    /// The rule, compiled now or before.
    CompiledRule compile(HttpRule rule) {
        return known.computeIfAbsent(rule, this::fresh);
    }

    /// Forgets rules that nothing leads to any more.
    void forget(Set<HttpRule> gone) {
        for (HttpRule rule : gone) {
            CompiledRule compiled = known.remove(rule);
            if (compiled != null
                    && ids.computeIfPresent(
                                    compiled.id(), (_, count) -> count == 1 ? null : count - 1)
                            == null) {
                meters.remove(compiled.id());
            }
        }
    }

    private CompiledRule fresh(HttpRule rule) {
        String id = rule.origin().id();
        ids.merge(id, 1, Integer::sum);
        Telemetry telemetry = policies.telemetry(rule.policies());
        return new CompiledRule(
                id,
                rule,
                new StageChain(stages(rule)),
                interceptors.apply(rule),
                forwarder(rule),
                rule.timeouts().request().toNanos(),
                new Reporting(new RuleObserver(meters.of(id), telemetry), telemetry));
    }

    private Forwarder forwarder(HttpRule rule) {
        return new RuleForwarder(
                new RuleBackends(
                        new Targets(targets(rule.backends())),
                        sessions(rule),
                        rule.timeouts().backendRequest().toNanos(),
                        new UpstreamRetryPolicy(rule.retry())),
                mirrors(rule.filters()));
    }

    private static @Nullable StickySessions sessions(HttpRule rule) {
        SessionPersistence session = rule.session();
        return session == null
                ? null
                : new StickySessions(
                        session,
                        HttpRule.identity(rule.origin(), rule.matches()),
                        InstantSource.system());
    }

    private List<Stage> stages(HttpRule rule) {
        List<Stage> stages = new ArrayList<>(Filters.stages(rule.filters()));
        for (HttpFilter filter : rule.filters()) {
            if (filter instanceof HttpFilter.ExternalAuth asked) {
                stages.add(new ExternalAuthStage(asked, upstreams.get(asked.upstream())));
            }
        }
        stages.addAll(policies.stages(rule.policies()));
        stages.sort(Comparator.comparing(Stage::order));
        return stages;
    }

    private List<MirrorTarget> mirrors(List<HttpFilter> filters) {
        List<MirrorTarget> mirrors = new ArrayList<>();
        for (HttpFilter filter : filters) {
            if (filter instanceof HttpFilter.Mirror(var upstream, int share, int of)) {
                mirrors.add(new MirrorTarget(upstreams.get(upstream), share, of));
            }
        }
        return mirrors;
    }

    private List<Target> targets(List<Backend> backends) {
        return backends.stream().map(this::target).toList();
    }

    private Target target(Backend backend) {
        return switch (backend) {
            case Backend.Forward(
                            int weight,
                            String upstream,
                            var filters,
                            var under,
                            var fallback) ->
                    new Target.ToCluster(
                            weight,
                            upstreams.get(upstream),
                            new StageChain(Filters.stages(filters)),
                            policies.guard(under, upstream),
                            fallback == null ? null : upstreams.get(fallback));
            case Backend.Invalid(int weight, int status, String message) ->
                    new Target.DirectResponse(weight, status, message);
        };
    }
}
