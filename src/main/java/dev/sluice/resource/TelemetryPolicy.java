package dev.sluice.resource;

/// `policy.sluice.dev/v1alpha1` TelemetryPolicy: what is told of requests.
public record TelemetryPolicy(Metadata metadata, PolicySpec spec) implements Policy {}
