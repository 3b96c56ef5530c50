package dev.sluice.resource;

/// `policy.sluice.dev/v1alpha1` RateLimitPolicy: how many requests pass in a time.
public record RateLimitPolicy(Metadata metadata, PolicySpec spec) implements Policy {}
