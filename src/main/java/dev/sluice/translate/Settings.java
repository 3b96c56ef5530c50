package dev.sluice.translate;

/// What translation depends on besides the resources.
///
/// @param controllerName the `spec.controllerName` of GatewayClasses that are ours
public record Settings(String controllerName) {

    public static final Settings DEFAULT = new Settings("sluice.dev/gateway-controller");
}
