package dev.sluice.policy.resilience;

import dev.sluice.engine.Guard;
import dev.sluice.engine.PolicyGuards;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import dev.sluice.observe.MeterTags.PolicyKeys;
import dev.sluice.observe.MeterTags.UpstreamKeys;
import dev.sluice.observe.PolicyMeters;
import dev.sluice.observe.SluiceMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
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

    private final MeterRegistry registry;
    private final Map<GuardKey, RegisteredGuard> guards = new HashMap<>();

    private record GuardKey(String policy, String upstream, Mode mode, PolicySection section) {}

    /// @param meter of a circuit breaker, null of others
    private record RegisteredGuard(WeakReference<Guard> guard, @Nullable Meter meter) {}

    public ResilienceGuards(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public @Nullable Guard guard(Map<String, AttachedPolicy> sections, String upstream) {
        List<Guard> all = new ArrayList<>();
        for (String section : ORDER) {
            AttachedPolicy policy = sections.get(section);
            if (policy != null) {
                all.add(
                        kept(
                                new GuardKey(
                                        policy.policy(), upstream, policy.mode(), policy.value())));
            }
        }
        return switch (all.size()) {
            case 0 -> null;
            case 1 -> all.get(0);
            default -> new GuardChain(all);
        };
    }

    /// Called by the one thread that compiles rules.
    private Guard kept(GuardKey guardKey) {
        RegisteredGuard known = guards.get(guardKey);
        Guard guard = known == null ? null : known.guard().get();
        if (guard == null) {
            forgetGone();
            guard = fresh(guardKey);
        }
        return guard;
    }

    private void forgetGone() {
        guards.values()
                .removeIf(registeredGuard -> {
                    boolean gone = registeredGuard.guard().get() == null;
                    if (gone && registeredGuard.meter() != null) {
                        registry.remove(registeredGuard.meter());
                    }
                    return gone;
                });
    }

    private Guard fresh(GuardKey guardKey) {
        String policy = "ResiliencePolicy " + guardKey.policy();
        boolean enforced = guardKey.mode() == Mode.ENFORCE;
        Counter refused = PolicyMeters.refused(registry, policy, enforced);
        Meter meter = null;
        Guard guard =
                switch (guardKey.section()) {
                    case CircuitBreaking section -> {
                        String name = policy + " for " + guardKey.upstream();
                        Breaker breaker = new Breaker(name, section, enforced, refused::increment);
                        meter = gauge(breaker, policy, guardKey.upstream());
                        yield breaker;
                    }
                    case Bulkhead section ->
                            new BulkheadState(section, enforced, refused::increment);
                    case Faults section ->
                            new FaultInjector(
                                    section,
                                    enforced,
                                    PolicyMeters.faults(registry, policy)::increment);
                    default ->
                            throw new IllegalArgumentException(
                                    "no guard for " + guardKey.section());
                };
        guards.put(guardKey, new RegisteredGuard(new WeakReference<>(guard), meter));
        return guard;
    }

    private Meter gauge(Breaker breaker, String policy, String upstream) {
        return SluiceMeters.BREAKER_OPEN.gauge(
                registry,
                new WeakReference<>(breaker),
                each -> {
                    Breaker there = each.get();
                    return there != null && there.isOpen() ? 1 : 0;
                },
                PolicyKeys.POLICY.asString(),
                policy,
                UpstreamKeys.UPSTREAM.asString(),
                upstream);
    }
}
