package dev.sluice.policy.telemetry;

import dev.sluice.observe.PolicyMeters;
import dev.sluice.observe.PolicyMeters.Series;
import dev.sluice.policy.Interned;
import dev.sluice.policy.PolicyCounter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.noop.NoopCounter;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The series of all labels of all policies, up to a bound, of which a namespace has a quarter at
/// most: what a cluster's users write must not fill the memory of the scraper. All rules under one
/// policy share its series, which are removed when no rule counts in them any more. Called by the
/// one thread that compiles rules.
final class LabelSeries {

    private static final Logger LOG = LoggerFactory.getLogger(LabelSeries.class);

    private static final NoopCounter NONE =
            new NoopCounter(new Meter.Id("none", Tags.empty(), null, null, Meter.Type.COUNTER));

    private final MeterRegistry registry;
    private final int most;
    private final Interned<Series, PolicyCounter> counters = new Interned<>(this::remove);

    /// Those that are registered, with their namespaces.
    private final Map<Series, String> registered = new HashMap<>();

    private final Map<String, Integer> byNamespace = new HashMap<>();
    private boolean reported;

    /// @param most series
    LabelSeries(MeterRegistry registry, int most) {
        this.registry = registry;
        this.most = most;
    }

    /// @param policy namespace and name of a TelemetryPolicy
    PolicyCounter of(String policy, String label, String value) {
        Series series = PolicyMeters.labelled("TelemetryPolicy " + policy, label, value);
        return counters.get(series, () -> new PolicyCounter(counter(series, policy)));
    }

    private Counter counter(Series series, String policy) {
        String namespace = policy.substring(0, Math.max(policy.indexOf('/'), 0));
        if (registered.size() >= most || byNamespace.getOrDefault(namespace, 0) >= most / 4) {
            if (!reported) {
                reported = true;
                LOG.warn(
                        "TelemetryPolicy {}: more than {} series of labels, or {} of a namespace;"
                                + " others are not counted",
                        policy,
                        most,
                        most / 4);
            }
            return NONE;
        }
        registered.put(series, namespace);
        byNamespace.merge(namespace, 1, Integer::sum);
        return series.counter(registry);
    }

    private void remove(Series series) {
        String namespace = registered.remove(series);
        if (namespace != null) {
            byNamespace.computeIfPresent(namespace, (_, count) -> count == 1 ? null : count - 1);
            registry.remove(series.counter(registry));
        }
    }
}
