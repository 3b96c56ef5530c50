package dev.sluice.engine;

/// What the data plane makes of a kind of policy.
public sealed interface PolicyEffect
        permits PolicyStages, PolicyGuards, PolicyTelemetry, PolicyEffect.OfUpstreams {

    /// Nothing: its sections are settings that upstreams read themselves.
    enum OfUpstreams implements PolicyEffect {
        INSTANCE
    }
}
