package dev.sluice.policy.telemetry;

import dev.sluice.engine.PolicyTelemetry;
import dev.sluice.engine.Telemetry;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.PolicySection;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes what TelemetryPolicies report of a rule's requests.
public final class TelemetryMaker implements PolicyTelemetry {

    /// Of all policies together.
    private static final int MOST_SERIES = 2_000;

    private final LabelSeries series;

    public TelemetryMaker(MeterRegistry registry) {
        this.series = new LabelSeries(registry, MOST_SERIES);
    }

    @Override
    public Telemetry telemetry(Map<String, AttachedPolicy> sections) {
        return new RuleTelemetry(
                section(sections, "accessLog", Logging.class),
                section(sections, "tracing", Tracing.class),
                counts(sections.get("metrics")));
    }

    private static <T extends PolicySection> @Nullable T section(
            Map<String, AttachedPolicy> sections, String name, Class<T> type) {
        AttachedPolicy policy = sections.get(name);
        return policy == null ? null : type.cast(policy.value());
    }

    private List<LabelCounts> counts(@Nullable AttachedPolicy policy) {
        if (policy == null || !(policy.value() instanceof Labels section)) {
            return List.of();
        }
        return section.labels().stream()
                .map(label -> new LabelCounts(series, policy.policy(), label))
                .toList();
    }
}
