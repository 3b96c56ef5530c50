package dev.sluice.policy.ratelimit;

import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.PolicyStages;
import dev.sluice.engine.Stage;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.observe.SluiceMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Makes the stages of RateLimitPolicies. Rules under one policy share its buckets, and a rule that
/// is compiled anew finds them as they were, while its rate stays the same.
public final class RateLimitStages implements PolicyStages {

    private final MeterRegistry registry;
    private final Map<Identity, WeakReference<LocalLimiter>> limiters = new ConcurrentHashMap<>();

    private record Identity(String policy, String limit, Limit.Rate rate) {}

    public RateLimitStages(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public List<Stage> stages(Map<String, AttachedPolicy> sections) {
        AttachedPolicy limits = sections.get("limits");
        if (limits == null || !(limits.value() instanceof Limits(List<Limit> all))) {
            return List.of();
        }
        AttachedPolicy response = sections.get("response");
        Refusal refusal =
                response != null && response.value() instanceof Refusal written
                        ? written
                        : Refusal.DEFAULT;
        boolean enforced = limits.mode() == Mode.ENFORCE;
        Counter refused =
                SluiceMeters.refused(registry, limits.kind() + " " + limits.policy(), enforced);
        List<RateLimitStage.Counted> counted =
                all.stream()
                        .map(limit -> new RateLimitStage.Counted(limit, limiter(limits, limit)))
                        .toList();
        return List.of(new RateLimitStage(counted, refusal, enforced, refused::increment));
    }

    @Override
    public FilterOrder order(String section) {
        return FilterOrder.RATE_LIMIT;
    }

    private LocalLimiter limiter(AttachedPolicy policy, Limit limit) {
        limiters.values().removeIf(reference -> reference.get() == null);
        Identity identity = new Identity(policy.policy(), limit.name(), limit.rate());
        WeakReference<LocalLimiter> known = limiters.get(identity);
        LocalLimiter limiter = known == null ? null : known.get();
        if (limiter == null) {
            limiter = new LocalLimiter(limit.rate(), System::nanoTime);
            limiters.put(identity, new WeakReference<>(limiter));
        }
        return limiter;
    }
}
