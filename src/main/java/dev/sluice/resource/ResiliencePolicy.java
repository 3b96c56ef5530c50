package dev.sluice.resource;

/// `policy.sluice.dev/v1alpha1` ResiliencePolicy: what is done where a backend is slow or broken.
public record ResiliencePolicy(Metadata metadata, PolicySpec spec) implements Policy {}
