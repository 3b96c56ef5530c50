package dev.sluice.resource;

/// A policy of `policy.sluice.dev/v1alpha1`: attached to other objects by reference (GEP-713).
public sealed interface Policy extends Resource
        permits AuthPolicy, RateLimitPolicy, ResiliencePolicy, TelemetryPolicy {

    String GROUP = "policy.sluice.dev";

    PolicySpec spec();
}
