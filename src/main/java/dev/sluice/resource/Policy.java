package dev.sluice.resource;

/// A policy of sections, attached to other objects by reference (GEP-713).
public sealed interface Policy extends Resource
        permits AuthPolicy,
                BackendTrafficPolicy,
                RateLimitPolicy,
                ResiliencePolicy,
                TelemetryPolicy {

    /// Of our own ones.
    String GROUP = "policy.sluice.dev";

    PolicySpec spec();
}
