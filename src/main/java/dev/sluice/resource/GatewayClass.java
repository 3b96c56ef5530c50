package dev.sluice.resource;

import org.jspecify.annotations.Nullable;

/// `gateway.networking.k8s.io/v1` GatewayClass.
public record GatewayClass(Metadata metadata, Spec spec) implements Resource {

    /// @param controllerName who serves Gateways of this class
    /// @param parametersRef settings of the class
    public record Spec(String controllerName, @Nullable ParametersRef parametersRef) {}

    /// A reference to settings.
    public record ParametersRef(
            String group, String kind, String name, @Nullable String namespace) {}
}
