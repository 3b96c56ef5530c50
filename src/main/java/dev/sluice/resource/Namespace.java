package dev.sluice.resource;

/// `v1` Namespace.
public record Namespace(Metadata metadata) implements Resource {}
