package dev.sluice.observe;

import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.samplers.Sampler;

/// Which requests get a span that is exported.
public final class Sampling {

    /// Where [RuleSampler] finds it.
    public static final ContextKey<Sampling> KEY = ContextKey.named("sluice.sampling");

    private final Sampler sampler;

    /// @param ratio of the traces, 0 to 1, by their ids: all gateways choose the same ones
    /// @param parentBased whether a client that says in `traceparent` if its trace is sampled is
    ///   followed
    public Sampling(double ratio, boolean parentBased) {
        Sampler byId = Sampler.traceIdRatioBased(ratio);
        this.sampler = parentBased ? Sampler.parentBased(byId) : byId;
    }

    public Sampler sampler() {
        return sampler;
    }
}
