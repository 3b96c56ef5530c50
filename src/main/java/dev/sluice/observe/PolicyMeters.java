package dev.sluice.observe;

import dev.sluice.observe.MeterTags.LabelKeys;
import dev.sluice.observe.MeterTags.PolicyKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/// The meters of what policies do with requests.
///
/// A policy is named by kind, namespace and name, such as `RateLimitPolicy shop/cart`.
public final class PolicyMeters {

    private PolicyMeters() {}

    /// A counter by what names it.
    ///
    /// @param tags names and values in turn
    public record Series(SluiceMeters meter, List<String> tags) {

        /// The counter, which is registered when it is not.
        public Counter counter(MeterRegistry registry) {
            return meter.counter(registry, tags.toArray(String[]::new));
        }
    }

    /// The requests with a label of a policy.
    public static Series labelled(String policy, String label, String value) {
        return new Series(
                SluiceMeters.REQUESTS_LABELLED,
                List.of(
                        LabelKeys.POLICY.asString(),
                        policy,
                        LabelKeys.LABEL.asString(),
                        label,
                        LabelKeys.VALUE.asString(),
                        value));
    }

    /// What a policy refuses.
    ///
    /// @param enforced false when refused requests pass
    public static Series refused(String policy, boolean enforced) {
        return new Series(
                SluiceMeters.POLICY_REFUSED,
                List.of(
                        PolicyKeys.POLICY.asString(),
                        policy,
                        PolicyKeys.MODE.asString(),
                        MeterTags.mode(enforced)));
    }

    /// What Redis did not count for a policy.
    public static Series uncounted(String policy) {
        return new Series(
                SluiceMeters.RATE_LIMIT_UNCOUNTED, List.of(PolicyKeys.POLICY.asString(), policy));
    }

    /// The faults of a policy.
    public static Series faults(String policy) {
        return new Series(SluiceMeters.FAULTS, List.of(PolicyKeys.POLICY.asString(), policy));
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
