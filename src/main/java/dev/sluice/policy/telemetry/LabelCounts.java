package dev.sluice.policy.telemetry;

import dev.sluice.engine.Exchange;
import dev.sluice.policy.PolicyCounter;
import java.util.HashMap;
import java.util.Map;

/// Counts requests by the value of one label: those that are listed, all others, and none.
final class LabelCounts {

    private final String header;
    private final Map<String, PolicyCounter> byValue = new HashMap<>();
    private final PolicyCounter other;
    private final PolicyCounter none;

    LabelCounts(LabelSeries series, String policy, Labels.Label label) {
        this.header = label.header();
        for (String value : label.values()) {
            byValue.put(value, series.of(policy, label.name(), value));
        }
        this.other = series.of(policy, label.name(), "other");
        this.none = series.of(policy, label.name(), "none");
    }

    void count(Exchange exchange) {
        String value = exchange.header(header);
        PolicyCounter counter = value == null ? none : byValue.getOrDefault(value, other);
        counter.increment();
    }
}
