package dev.sluice.policy.telemetry;

import dev.sluice.observe.PolicyMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.noop.NoopCounter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The series of all labels of all policies, up to a bound: what a cluster's users write must not
/// fill the memory of the scraper. All rules under one policy share its series.
final class LabelSeries {

    private static final Logger LOG = LoggerFactory.getLogger(LabelSeries.class);

    private static final Counter NONE =
            new NoopCounter(new Meter.Id("none", Tags.empty(), null, null, Meter.Type.COUNTER));

    private final MeterRegistry registry;
    private final int most;
    private final Map<List<String>, Counter> known = new HashMap<>();
    private boolean reported;

    /// @param most series
    LabelSeries(MeterRegistry registry, int most) {
        this.registry = registry;
        this.most = most;
    }

    /// Called by the one thread that compiles rules.
    Counter of(String policy, String label, String value) {
        List<String> key = List.of(policy, label, value);
        Counter counter = known.get(key);
        if (counter != null) {
            return counter;
        }
        if (known.size() >= most) {
            if (!reported) {
                reported = true;
                LOG.warn("{}: more than {} series of labels; others are not counted", policy, most);
            }
            return NONE;
        }
        counter = PolicyMeters.labelled(registry, policy, label, value);
        known.put(key, counter);
        return counter;
    }
}
