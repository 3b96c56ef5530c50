package dev.sluice.resource;

/// `policy.sluice.dev/v1alpha1` AuthPolicy: who may send requests.
public record AuthPolicy(Metadata metadata, PolicySpec spec) implements Policy {}
