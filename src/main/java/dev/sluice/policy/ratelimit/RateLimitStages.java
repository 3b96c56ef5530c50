package dev.sluice.policy.ratelimit;

import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.PolicyStages;
import dev.sluice.engine.Stage;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.policy.Interned;
import dev.sluice.policy.PolicyCounter;
import dev.sluice.policy.PolicySeries;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the stages of RateLimitPolicies. Rules under one policy share its buckets, and a rule that
/// is compiled anew finds them as they were, while its rate stays the same.
public final class RateLimitStages implements PolicyStages {

    private static final Logger log = LoggerFactory.getLogger(RateLimitStages.class);

    private final PolicySeries series;
    private final @Nullable RedisLink redis;
    private final Interned<LimiterKey, Limiter> limiters = new Interned<>();

    /// @param global how Redis is used, null for a limit on this replica
    private record LimiterKey(
            String policy, String limit, Limit.Rate rate, @Nullable Global global) {}

    /// Without Redis: all limits are counted on this replica.
    public RateLimitStages(MeterRegistry registry) {
        this(registry, null);
    }

    /// @param redis counts global limits; null when there is none
    public RateLimitStages(MeterRegistry registry, @Nullable RedisLink redis) {
        this.series = new PolicySeries(registry);
        this.redis = redis;
    }

    @Override
    public List<Stage> stages(Map<String, AttachedPolicy> sections) {
        AttachedPolicy limits = sections.get("limits");
        if (limits == null || !(limits.value() instanceof Limits(List<Limit> all))) {
            return List.of();
        }
        Refusal refusal = section(sections, "response", Refusal.class, Refusal.DEFAULT);
        Global global = section(sections, "global", Global.class, Global.DEFAULT);
        boolean enforced = limits.mode() == Mode.ENFORCE;
        PolicyCounter refused = series.refused(limits.kind() + " " + limits.policy(), enforced);
        List<BoundLimit> counted =
                all.stream()
                        .map(limit -> new BoundLimit(limit, limiter(limits, limit, global)))
                        .toList();
        return List.of(new RateLimitStage(counted, refusal, enforced, refused::increment));
    }

    private static <T> T section(
            Map<String, AttachedPolicy> sections, String name, Class<T> type, T otherwise) {
        AttachedPolicy section = sections.get(name);
        return section != null && type.isInstance(section.value())
                ? type.cast(section.value())
                : otherwise;
    }

    @Override
    public FilterOrder order(String section) {
        return FilterOrder.RATE_LIMIT;
    }

    private Limiter limiter(AttachedPolicy policy, Limit limit, Global global) {
        boolean shared = redis != null && limit.scope() == Limit.Scope.GLOBAL;
        LimiterKey limiterKey =
                new LimiterKey(policy.policy(), limit.name(), limit.rate(), shared ? global : null);
        return limiters.get(
                limiterKey, () -> shared ? shared(limiterKey, global) : local(limiterKey, limit));
    }

    private static Limiter local(LimiterKey limiterKey, Limit limit) {
        if (limit.scope() == Limit.Scope.GLOBAL) {
            log.warn(
                    "RateLimitPolicy {}: limit {} is counted on each replica, as no Redis is set"
                            + " (spring.data.redis.*)",
                    limiterKey.policy(),
                    limiterKey.limit());
        }
        return new LocalLimiter(limiterKey.rate(), System::nanoTime);
    }

    private Limiter shared(LimiterKey limiterKey, Global global) {
        RedisLink link = Objects.requireNonNull(redis);
        PolicyCounter uncounted = series.uncounted("RateLimitPolicy " + limiterKey.policy());
        GlobalLimiter limiter =
                new GlobalLimiter(
                        limiterKey.policy() + ":" + limiterKey.limit(),
                        limiterKey.rate(),
                        global,
                        link,
                        uncounted::increment);
        link.add(limiter);
        return limiter;
    }
}
