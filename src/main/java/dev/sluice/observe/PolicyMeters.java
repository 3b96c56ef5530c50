package dev.sluice.observe;

import dev.sluice.observe.MeterTags.LabelKeys;
import dev.sluice.observe.MeterTags.PolicyKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// The meters of what policies do with requests.
///
/// A policy is named by kind, namespace and name, such as `RateLimitPolicy shop/cart`.
public final class PolicyMeters {

    private PolicyMeters() {}

    /// The counter of the requests with a label of a policy.
    public static Counter labelled(
            MeterRegistry registry, String policy, String label, String value) {
        return SluiceMeters.REQUESTS_LABELLED.counter(
                registry,
                LabelKeys.POLICY.asString(),
                policy,
                LabelKeys.LABEL.asString(),
                label,
                LabelKeys.VALUE.asString(),
                value);
    }

    /// The counter of what a policy refuses.
    ///
    /// @param enforced false when refused requests pass
    public static Counter refused(MeterRegistry registry, String policy, boolean enforced) {
        return SluiceMeters.POLICY_REFUSED.counter(
                registry,
                PolicyKeys.POLICY.asString(),
                policy,
                PolicyKeys.MODE.asString(),
                MeterTags.mode(enforced));
    }

    /// The counter of what Redis did not count for a policy.
    public static Counter uncounted(MeterRegistry registry, String policy) {
        return SluiceMeters.RATE_LIMIT_UNCOUNTED.counter(
                registry, PolicyKeys.POLICY.asString(), policy);
    }

    /// The counter of the faults of a policy.
    public static Counter faults(MeterRegistry registry, String policy) {
        return SluiceMeters.FAULTS.counter(registry, PolicyKeys.POLICY.asString(), policy);
    }

    /// The timer of waits for Redis. Its buckets tell how many took longer than they should.
    public static Timer waits(MeterRegistry registry) {
        return Timer.builder(SluiceMeters.RATE_LIMIT_WAIT.getName())
                .description(SluiceMeters.RATE_LIMIT_WAIT.description())
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(200))
                .register(registry);
    }
}
