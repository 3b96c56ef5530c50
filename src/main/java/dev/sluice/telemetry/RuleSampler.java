package dev.sluice.telemetry;

import dev.sluice.observe.Sampling;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/// Samples as the rule of a request says, or else as the settings say.
///
/// @param otherwise of the settings
public record RuleSampler(Sampler otherwise) implements Sampler {

    @Override
    public SamplingResult shouldSample(
            Context parent,
            String traceId,
            String name,
            SpanKind kind,
            Attributes attributes,
            List<LinkData> links) {
        Sampling ofRule = parent.get(Sampling.KEY);
        Sampler sampler = ofRule == null ? otherwise : ofRule.sampler();
        return sampler.shouldSample(parent, traceId, name, kind, attributes, links);
    }

    @Override
    public String getDescription() {
        return "by rule, or " + otherwise.getDescription();
    }
}
