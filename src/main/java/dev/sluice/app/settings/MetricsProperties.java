package dev.sluice.app.settings;

import org.springframework.boot.context.properties.bind.DefaultValue;

/// Bounds of what is measured.
///
/// @param maxRules rules with series of their own; the others share one
/// @param maxUpstreams backends with series of their own; the others are summed up
public record MetricsProperties(
        @DefaultValue("1000") int maxRules, @DefaultValue("1000") int maxUpstreams) {
    public MetricsProperties {
        Bounds.check("sluice.metrics.max-rules", maxRules, 0, 1_000_000);
        Bounds.check("sluice.metrics.max-upstreams", maxUpstreams, 0, 1_000_000);
    }
}
