package dev.sluice.translate.context;

import dev.sluice.resource.Route;
import org.jspecify.annotations.Nullable;

/// What translation depends on besides the resources.
///
/// @param controllerName the `spec.controllerName` of GatewayClasses that are ours
/// @param sockets where listeners are bound
/// @param exposeAt what Services that ask for a route are attached to; null when they may not ask
/// @param namespace our own in a cluster; null where there is none
/// @param maxPorts most target ports of the Gateways of a namespace
public record TranslationSettings(
        String controllerName,
        Sockets sockets,
        Route.@Nullable ParentRef exposeAt,
        @Nullable String namespace,
        int maxPorts) {

    public static final int MAX_PORTS = 500;

    /// Outside of a cluster, or as a single replica.
    public TranslationSettings(
            String controllerName, Sockets sockets, Route.@Nullable ParentRef exposeAt) {
        this(controllerName, sockets, exposeAt, null, MAX_PORTS);
    }

    public static final String CONTROLLER = "sluice.dev/gateway-controller";

    public static final TranslationSettings DEFAULT =
            new TranslationSettings(CONTROLLER, Sockets.OWN, null);

    /// Where listeners are bound.
    public enum Sockets {
        /// At the ports and addresses that the Gateways ask for: on a laptop.
        OWN,
        /// At the target ports of each Gateway's Service: in a cluster.
        SERVICE
    }
}
