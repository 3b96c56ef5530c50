package dev.sluice.policy.resilience;

import dev.sluice.engine.Guard;
import dev.sluice.engine.PolicyGuards;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.observe.SluiceMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the guards of ResiliencePolicies. All rules under one policy that lead to a port of a Service
/// share its state, and a rule that is compiled anew finds it as it was, while the section stays the same.
public final class ResilienceGuards implements PolicyGuards {

    private final MeterRegistry registry;
    private final Map<Identity, Kept> breakers = new HashMap<>();

    private record Identity(String policy, String upstream, Mode mode, CircuitBreaking section) {}

    private record Kept(WeakReference<Breaker> breaker, Meter meter) {}

    public ResilienceGuards(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public @Nullable Guard guard(Map<String, AttachedPolicy> sections, String upstream) {
        AttachedPolicy policy = sections.get("circuitBreaker");
        return policy != null && policy.value() instanceof CircuitBreaking section
                ? breaker(new Identity(policy.policy(), upstream, policy.mode(), section))
                : null;
    }

    /// Called by the one thread that compiles rules.
    private Breaker breaker(Identity identity) {
        Kept known = breakers.get(identity);
        Breaker breaker = known == null ? null : known.breaker().get();
        if (breaker == null) {
            forgetGone();
            breaker = fresh(identity);
        }
        return breaker;
    }

    private void forgetGone() {
        breakers.values()
                .removeIf(kept -> {
                    boolean gone = kept.breaker().get() == null;
                    if (gone) {
                        registry.remove(kept.meter());
                    }
                    return gone;
                });
    }

    private Breaker fresh(Identity identity) {
        String policy = "ResiliencePolicy " + identity.policy();
        boolean enforced = identity.mode() == Mode.ENFORCE;
        Counter refused = SluiceMeters.refused(registry, policy, enforced);
        Breaker breaker =
                new Breaker(
                        policy + " for " + identity.upstream(),
                        identity.section(),
                        enforced,
                        refused::increment);
        WeakReference<Breaker> reference = new WeakReference<>(breaker);
        Meter meter =
                SluiceMeters.BREAKER_OPEN.gauge(
                        registry,
                        reference,
                        each -> {
                            Breaker there = each.get();
                            return there != null && there.isOpen() ? 1 : 0;
                        },
                        SluiceMeters.PolicyKeys.POLICY.asString(),
                        policy,
                        SluiceMeters.UpstreamKeys.UPSTREAM.asString(),
                        identity.upstream());
        breakers.put(identity, new Kept(reference, meter));
        return breaker;
    }
}
