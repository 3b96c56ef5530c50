package dev.sluice.resource;

/// `gateway.networking.k8s.io/v1` TLSRoute (GEP-2643).
public record TlsRoute(Metadata metadata, Spec spec) implements L4Route {}
