package dev.sluice.engine;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.PolicySection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stages of the policies that are in effect for a rule.
public final class RulePolicies {

    /// Knows no kind of policy.
    public static final RulePolicies NONE = new RulePolicies(Map.of());

    private static final int INTERNAL_SERVER_ERROR = 500;

    private final Map<String, PolicyStages> kinds;
    private final Map<String, PolicyGuards> guards;
    private final Map<String, PolicyTelemetry> telemetry;

    /// Knows kinds that are in effect for rules only.
    public RulePolicies(Map<String, PolicyStages> kinds) {
        this(kinds, Map.of());
    }

    /// @param kinds that are in effect for rules, by name, such as `RateLimitPolicy`
    /// @param guards that are in effect for backends, by name
    public RulePolicies(Map<String, PolicyStages> kinds, Map<String, PolicyGuards> guards) {
        this(kinds, guards, Map.of());
    }

    /// @param kinds that are in effect for rules, by name, such as `RateLimitPolicy`
    /// @param guards that are in effect for backends, by name
    /// @param telemetry that tell of the requests of rules, by name
    public RulePolicies(
            Map<String, PolicyStages> kinds,
            Map<String, PolicyGuards> guards,
            Map<String, PolicyTelemetry> telemetry) {
        this.kinds = Map.copyOf(kinds);
        this.guards = Map.copyOf(guards);
        this.telemetry = Map.copyOf(telemetry);
    }

    /// What is told of a rule's requests. Policies that are in shadow mode tell nothing: there is
    /// nothing that they would keep from passing.
    public Telemetry telemetry(List<AttachedPolicy> policies) {
        Map<String, AttachedPolicy> sections = new LinkedHashMap<>();
        PolicyTelemetry maker = null;
        for (AttachedPolicy policy : policies) {
            PolicyTelemetry known = telemetry.get(policy.kind());
            if (known != null && policy.mode() == AttachedPolicy.Mode.ENFORCE) {
                sections.put(policy.section(), policy);
                maker = known;
            }
        }
        return maker == null ? Telemetry.NONE : maker.telemetry(sections);
    }

    /// What watches over a backend, null for nothing.
    ///
    /// @param policies of the backend
    /// @param upstream its id
    public @Nullable Guard guard(List<AttachedPolicy> policies, String upstream) {
        Map<String, AttachedPolicy> sections = new LinkedHashMap<>();
        PolicyGuards maker = null;
        for (AttachedPolicy policy : policies) {
            if (policy.mode() != AttachedPolicy.Mode.OFF) {
                sections.put(policy.section(), policy);
                maker = guards.get(policy.kind());
            }
        }
        return maker == null ? null : maker.guard(sections, upstream);
    }

    /// @param policies of a rule; those of a kind that is not known have no stage, nor have broken
    ///   ones that only count what they would do
    public List<Stage> stages(List<AttachedPolicy> policies) {
        Map<String, Map<String, AttachedPolicy>> byKind = new LinkedHashMap<>();
        List<Stage> stages = new ArrayList<>();
        for (AttachedPolicy policy : policies) {
            if (policy.mode() == AttachedPolicy.Mode.OFF) {
                continue;
            }
            if (policy.value() instanceof PolicySection.Unusable) {
                if (policy.mode() == AttachedPolicy.Mode.ENFORCE) {
                    stages.add(new Closed(policy.kind()));
                }
            } else {
                byKind.computeIfAbsent(policy.kind(), _ -> new LinkedHashMap<>())
                        .put(policy.section(), policy);
            }
        }
        byKind.forEach((kind, sections) -> {
            PolicyStages maker = kinds.get(kind);
            if (maker != null) {
                stages.addAll(maker.stages(sections));
            }
        });
        return stages;
    }

    /// Where a policy acts, or would act if it were not off.
    public FilterOrder order(AttachedPolicy policy) {
        if (telemetry.containsKey(policy.kind())) {
            return FilterOrder.TELEMETRY;
        }
        PolicyStages maker = kinds.get(policy.kind());
        return maker == null || policy.value() instanceof PolicySection.Unusable
                ? FilterOrder.CLOSED
                : maker.order(policy.section());
    }

    /// Stands in for a policy that must not be passed by and cannot be put into effect.
    private record Closed(String kind) implements Stage {

        @Override
        public FilterOrder order() {
            return FilterOrder.CLOSED;
        }

        @Override
        public StageResult request(Exchange exchange) {
            String reason = "the " + kind + " of the rule is not usable";
            exchange.answer(LocalReply.error(INTERNAL_SERVER_ERROR, reason, exchange.request()));
            return StageResult.ANSWERED;
        }
    }
}
