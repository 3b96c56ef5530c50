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

    private final Map<String, PolicyEffect> effects;

    /// @param effects of each kind, by its name, such as `RateLimitPolicy`
    public RulePolicies(Map<String, ? extends PolicyEffect> effects) {
        this.effects = Map.copyOf(effects);
    }

    /// What is reported of a rule's requests. Policies that are in shadow mode report nothing:
    /// there is nothing that they would keep from passing.
    public Telemetry telemetry(List<AttachedPolicy> policies) {
        Map<String, AttachedPolicy> sections = new LinkedHashMap<>();
        PolicyTelemetry maker = null;
        for (AttachedPolicy policy : policies) {
            if (effects.get(policy.kind()) instanceof PolicyTelemetry known
                    && policy.mode() == AttachedPolicy.Mode.ENFORCE) {
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
                maker = effects.get(policy.kind()) instanceof PolicyGuards known ? known : null;
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
            if (effects.get(kind) instanceof PolicyStages maker) {
                stages.addAll(maker.stages(sections));
            }
        });
        return stages;
    }

    /// Where a policy acts, or would act if it were not off.
    public FilterOrder order(AttachedPolicy policy) {
        PolicyEffect effect = effects.get(policy.kind());
        if (effect == null) {
            return FilterOrder.CLOSED;
        }
        return switch (effect) {
            case PolicyTelemetry _ -> FilterOrder.TELEMETRY;
            case PolicyStages maker ->
                    policy.value() instanceof PolicySection.Unusable
                            ? FilterOrder.CLOSED
                            : maker.order(policy.section());
            case PolicyGuards _, PolicyEffect.OfUpstreams _ -> FilterOrder.CLOSED;
        };
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
