package dev.sluice.translate.route;

import dev.sluice.ir.Origin;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import org.jspecify.annotations.Nullable;

/// Where rules come from: a route that was written, or the Service that asked for one.
final class RuleOrigins {

    /// Of the names of routes that are made for Services. No object can have such a name.
    private static final String PREFIX = "service:";

    private RuleOrigins() {}

    /// The name of the route that is made for a Service.
    static String routeName(Service service) {
        return PREFIX + service.name();
    }

    /// @param ruleName null when the rule has none
    static Origin origin(Route route, @Nullable String ruleName, int index) {
        boolean exposed = route.name().startsWith(PREFIX);
        return new Origin(
                exposed ? "Service" : Kinds.ref(route).kind(),
                route.namespace(),
                exposed ? route.name().substring(PREFIX.length()) : route.name(),
                index,
                ruleName,
                route.metadata().creationTimestamp());
    }
}
