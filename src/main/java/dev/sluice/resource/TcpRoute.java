package dev.sluice.resource;

/// `gateway.networking.k8s.io/v1` TCPRoute.
public record TcpRoute(Metadata metadata, Spec spec) implements L4Route {}
