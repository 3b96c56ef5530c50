package dev.sluice.translate.route;

import dev.sluice.ir.HttpRule;
import dev.sluice.resource.HttpRoute;
import dev.sluice.resource.Route;
import dev.sluice.resource.Service;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What came of routes in the translation before.
public interface RouteCache {

    /// What came of the very same route, if what it rests on did not change; null otherwise.
    /// Policies are not considered.
    @Nullable RouteResult known(Route route);

    /// Keeps what came of a route for the next translation.
    void keep(Route route, RouteResult routeResult);

    /// Puts an instance of before in the place of an equal rule of a route.
    UnaryOperator<HttpRule> interning(Route route);

    /// The route of a Service that asks for one: the same for the very same Service.
    HttpRoute exposed(Service service, Function<Service, HttpRoute> make);
}
