package dev.sluice.translate;

import dev.sluice.resource.Route;
import org.jspecify.annotations.Nullable;

/// What translation depends on besides the resources.
///
/// @param controllerName the `spec.controllerName` of GatewayClasses that are ours
/// @param sockets where listeners are bound
/// @param exposeAt what Services that ask for a route are attached to; null when they may not ask
public record Settings(String controllerName, Sockets sockets, Route.@Nullable ParentRef exposeAt) {

    public static final String CONTROLLER = "sluice.dev/gateway-controller";

    public static final Settings DEFAULT = new Settings(CONTROLLER, Sockets.OWN, null);

    /// Where listeners are bound.
    public enum Sockets {
        /// At the ports and addresses that the Gateways ask for: on a laptop.
        OWN,
        /// At the target ports of each Gateway's Service: in a cluster.
        SERVICE
    }
}
