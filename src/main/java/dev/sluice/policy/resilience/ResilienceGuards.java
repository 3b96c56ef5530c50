package dev.sluice.policy.resilience;

import dev.sluice.engine.Guard;
import dev.sluice.engine.PolicyGuards;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import dev.sluice.policy.Interned;
import dev.sluice.policy.PolicyCounter;
import dev.sluice.policy.PolicySeries;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the guards of ResiliencePolicies. All rules under one policy that lead to a port of a
/// Service share its state, and a rule that is compiled anew finds it as it was, while the section
/// stays the same.
public final class ResilienceGuards implements PolicyGuards {

    /// Faults on purpose are no faults of the backend; what a circuit keeps away takes no place of
    /// it.
    private static final List<String> ORDER = List.of("faults", "circuitBreaker", "bulkhead");

    private final PolicySeries series;
    private final Interned<GuardKey, Guard> guards = new Interned<>(this::forget);
    private final BreakerGauges gauges;

    private record GuardKey(String policy, String upstream, Mode mode, PolicySection section) {}

    public ResilienceGuards(MeterRegistry registry) {
        this.series = new PolicySeries(registry);
        this.gauges = new BreakerGauges(registry);
    }

    @Override
    public @Nullable Guard guard(Map<String, AttachedPolicy> sections, String upstream) {
        List<Guard> all = new ArrayList<>();
        for (String section : ORDER) {
            AttachedPolicy policy = sections.get(section);
            if (policy != null) {
                GuardKey guardKey =
                        new GuardKey(policy.policy(), upstream, policy.mode(), policy.value());
                Guard guard = guards.get(guardKey, () -> fresh(guardKey));
                if (guard instanceof Breaker breaker) {
                    gauges.show(named(policy.policy()), upstream, breaker);
                }
                all.add(guard);
            }
        }
        return switch (all.size()) {
            case 0 -> null;
            case 1 -> all.get(0);
            default -> new GuardChain(all);
        };
    }

    private void forget(GuardKey guardKey) {
        gauges.forget(named(guardKey.policy()), guardKey.upstream());
    }

    private static String named(String policy) {
        return "ResiliencePolicy " + policy;
    }

    private Guard fresh(GuardKey guardKey) {
        String policy = named(guardKey.policy());
        boolean enforced = guardKey.mode() == Mode.ENFORCE;
        PolicyCounter refused = series.refused(policy, enforced);
        return switch (guardKey.section()) {
            case CircuitBreaking section -> {
                String name = policy + " for " + guardKey.upstream();
                yield new Breaker(name, section, enforced, refused::increment);
            }
            case Bulkhead section -> new BulkheadState(section, enforced, refused::increment);
            case Faults section ->
                    new FaultInjector(section, enforced, series.faults(policy)::increment);
            default -> throw new IllegalArgumentException("no guard for " + guardKey.section());
        };
    }
}
