package dev.sluice.policy;

import dev.sluice.observe.PolicyMeters;
import dev.sluice.observe.PolicyMeters.Series;
import io.micrometer.core.instrument.MeterRegistry;

/// The counters of policies. All that count in a series share its counter, and the series is
/// removed when nobody holds that any more: names of policies come and go for as long as a process
/// lives. Counters are made by one thread at a time.
public final class PolicySeries {

    private final MeterRegistry registry;
    private final Interned<Series, PolicyCounter> counters = new Interned<>(this::remove);

    public PolicySeries(MeterRegistry registry) {
        this.registry = registry;
    }

    private void remove(Series series) {
        registry.remove(series.counter(registry));
    }

    private PolicyCounter of(Series series) {
        return counters.get(series, () -> new PolicyCounter(series.counter(registry)));
    }

    /// What a policy refuses.
    ///
    /// @param policy kind, namespace and name
    /// @param enforced false when refused requests pass
    public PolicyCounter refused(String policy, boolean enforced) {
        return of(PolicyMeters.refused(policy, enforced));
    }

    /// What Redis did not count for a policy.
    public PolicyCounter uncounted(String policy) {
        return of(PolicyMeters.uncounted(policy));
    }

    /// The faults of a policy.
    public PolicyCounter faults(String policy) {
        return of(PolicyMeters.faults(policy));
    }
}
