package dev.sluice.resource;

/// `policy.sluice.dev/v1alpha1` TelemetryPolicy: what is reported of requests.
public record TelemetryPolicy(Metadata metadata, PolicySpec spec) implements Policy {}
