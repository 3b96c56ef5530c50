package dev.sluice.resource;

import java.util.List;

/// What we answer to an object.
public sealed interface Status {

    record OfGatewayClass(List<Condition> conditions) implements Status {}

    record OfGateway(List<Condition> conditions, List<OfListener> listeners) implements Status {}

    /// @param supportedKinds kinds of routes that may attach
    record OfListener(
            String name,
            List<Gateway.RouteKind> supportedKinds,
            int attachedRoutes,
            List<Condition> conditions) {}

    record OfRoute(List<OfParent> parents) implements Status {}

    record OfParent(
            HttpRoute.ParentRef parentRef, String controllerName, List<Condition> conditions) {}
}
