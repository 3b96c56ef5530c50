package dev.sluice.translate;

/// What translation depends on besides the resources.
///
/// @param controllerName the `spec.controllerName` of GatewayClasses that are ours
/// @param sockets where listeners are bound
public record Settings(String controllerName, Sockets sockets) {

    public static final String CONTROLLER = "sluice.dev/gateway-controller";

    public static final Settings DEFAULT = new Settings(CONTROLLER, Sockets.OWN);

    /// Where listeners are bound.
    public enum Sockets {
        /// At the ports and addresses that the Gateways ask for: on a laptop.
        OWN,
        /// At the target ports of each Gateway's Service: in a cluster.
        SERVICE
    }
}
