package dev.sluice.app;

import dev.sluice.app.settings.ServerProperties;
import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.dataplane.DataPlane;
import dev.sluice.dataplane.RuleCompiler;
import dev.sluice.engine.HttpPorts;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.listener.ConnectionCount;
import dev.sluice.listener.Listeners;
import dev.sluice.net.Workers;
import dev.sluice.observe.RequestMeters;
import dev.sluice.observe.RuleMeters;
import dev.sluice.observe.SluiceMeters;
import dev.sluice.observe.UpstreamMeters;
import dev.sluice.spring.RuleRoutes;
import dev.sluice.telemetry.FailureObserver;
import dev.sluice.upstream.Upstreams;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The data plane: event loops, backends, rules and sockets.
@Configuration(proxyBeanMethods = false)
class DataPlaneConfiguration {

    @Bean(destroyMethod = "close")
    Workers workers(SluiceProperties properties) {
        return new Workers(properties.workers());
    }

    @Bean(destroyMethod = "close")
    Upstreams upstreams(Workers workers, SluiceProperties properties, MeterRegistry registry) {
        return new Upstreams(
                workers,
                properties.upstream().settings(properties.server()),
                new UpstreamMeters(registry, properties.metrics().maxUpstreams()));
    }

    @Bean(destroyMethod = "")
    Listeners listeners(Workers workers, SluiceProperties properties, MeterRegistry registry) {
        ServerProperties server = properties.server();
        Listeners listeners = new Listeners(workers, server.settings(), server.drain());
        ConnectionCount count = listeners.connections();
        SluiceMeters.CONNECTIONS.gauge(registry, count, ConnectionCount::open);
        SluiceMeters.CONNECTIONS_ACCEPTED.count(registry, count, ConnectionCount::accepted);
        SluiceMeters.CONNECTIONS_REJECTED.count(registry, count, ConnectionCount::rejected);
        return listeners;
    }

    @Bean
    DataPlane dataPlane(
            SluiceProperties properties,
            Upstreams upstreams,
            Listeners listeners,
            RuleRoutes routes,
            RulePolicies policies,
            MeterRegistry registry,
            ObjectProvider<Observer> observers) {
        RequestMeters meters = new RequestMeters(registry, properties.metrics().maxRules());
        List<Observer> all = new ArrayList<>(observers.orderedStream().toList());
        all.add(new FailureObserver(registry));
        all.add(unrouted(meters.unrouted()));
        return new DataPlane(
                upstreams,
                new HttpPorts(Observer.all(all)),
                listeners,
                new RuleCompiler(upstreams, meters, policies, routes::stage));
    }

    private static Observer unrouted(RuleMeters meters) {
        return (exchange, status) -> {
            if (!exchange.isRouted()) {
                meters.record(status, exchange.elapsed());
            }
        };
    }
}
