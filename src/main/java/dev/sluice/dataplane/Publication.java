package dev.sluice.dataplane;

import dev.sluice.ir.Configuration;
import dev.sluice.ir.RuleChange;
import dev.sluice.spring.RuleRoutes;
import java.util.Map;
import java.util.function.Function;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.context.ApplicationEventPublisher;

/// Puts a configuration in the place of the one before: in the data plane, then where Spring shows
/// it. Called by one thread at a time.
public final class Publication implements Function<Configuration, Map<String, String>> {

    private final DataPlane plane;
    private final RuleRoutes routes;
    private final ApplicationEventPublisher events;
    private Configuration before = Configuration.EMPTY;

    public Publication(DataPlane plane, RuleRoutes routes, ApplicationEventPublisher events) {
        this.plane = plane;
        this.routes = routes;
        this.events = events;
    }

    /// @return by port id why a port is not served
    @Override
    public Map<String, String> apply(Configuration configuration) {
        RuleChange change =
                RuleChange.between(before.httpListeners(), configuration.httpListeners());
        Map<String, String> failures = plane.publish(configuration, change);
        routes.publish(configuration, change.gone());
        before = configuration;
        if (!change.isEmpty()) {
            events.publishEvent(new RefreshRoutesEvent(routes));
        }
        return failures;
    }
}
