package dev.sluice.resource;

import java.util.List;

/// What we answer to an object.
public sealed interface Status {

    /// @param supportedFeatures names of Gateway API's features, sorted
    record OfGatewayClass(List<Condition> conditions, List<String> supportedFeatures)
            implements Status {}

    /// @param attachedListenerSets how many ListenerSets add listeners
    record OfGateway(
            List<Condition> conditions,
            List<OfListener> listeners,
            List<Address> addresses,
            int attachedListenerSets)
            implements Status {}

    record OfListenerSet(List<Condition> conditions, List<OfListener> listeners)
            implements Status {}

    /// @param type `IPAddress` or `Hostname`
    record Address(String type, String value) {}

    /// @param supportedKinds kinds of routes that may attach
    record OfListener(
            String name,
            List<Gateway.RouteKind> supportedKinds,
            int attachedRoutes,
            List<Condition> conditions) {}

    record OfRoute(List<OfParent> parents) implements Status {}

    record OfParent(Route.ParentRef parentRef, String controllerName, List<Condition> conditions) {}

    /// @param ancestors the Gateways that the policy has an effect on
    record OfPolicy(List<OfAncestor> ancestors) implements Status {}

    record OfAncestor(
            Route.ParentRef ancestorRef, String controllerName, List<Condition> conditions) {}
}
