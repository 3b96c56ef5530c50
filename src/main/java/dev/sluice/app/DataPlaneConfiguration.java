package dev.sluice.app;

import dev.sluice.app.settings.ServerProperties;
import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.app.settings.SluiceProperties.SpringStageMode;
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
import dev.sluice.spring.ClientAddressKey;
import dev.sluice.spring.ForwardFilter;
import dev.sluice.spring.RuleRoutes;
import dev.sluice.spring.SpringFilters;
import dev.sluice.spring.SpringStage;
import dev.sluice.spring.WriteFilter;
import dev.sluice.telemetry.FailureObserver;
import dev.sluice.upstream.Upstreams;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.CompositeRouteLocator;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import org.springframework.web.server.i18n.LocaleContextResolver;
import org.springframework.web.server.session.WebSessionManager;
import reactor.core.publisher.Flux;

/// The data plane: event loops, backends, rules, sockets, and the Spring stage.
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

    @Bean
    SpringFilters springFilters(
            SluiceProperties properties,
            List<GatewayFilterFactory<?>> factories,
            ConfigurationService configuration) {
        return new SpringFilters(factories, configuration, properties.springFilters().allowed());
    }

    @Bean
    RuleRoutes ruleRoutes(
            SluiceProperties properties,
            SpringFilters filters,
            FilteringWebHandler handler,
            @Qualifier(WebHttpHandlerBuilder.WEB_SESSION_MANAGER_BEAN_NAME)
                    WebSessionManager sessions,
            ServerCodecConfigurer codecs,
            @Qualifier(WebHttpHandlerBuilder.LOCALE_CONTEXT_RESOLVER_BEAN_NAME)
                    LocaleContextResolver locales,
            ApplicationContext context) {
        return new RuleRoutes(
                filters,
                new SpringStage.Beans(handler, sessions, codecs, locales, context),
                properties.springStage() == SpringStageMode.FORCED);
    }

    /// In the place of Spring's, which keeps a copy of all routes and makes it anew after each
    /// change: no request asks for them, only who wants to see them.
    @Bean
    @Primary
    RouteLocator cachedCompositeRouteLocator(List<RouteLocator> locators) {
        return new CompositeRouteLocator(Flux.fromIterable(locators));
    }

    @Bean
    ForwardFilter forwardFilter() {
        return new ForwardFilter();
    }

    @Bean
    ClientAddressKey clientAddressKeyResolver() {
        return new ClientAddressKey();
    }

    @Bean
    WriteFilter writeFilter() {
        return new WriteFilter();
    }

    /// Boot's server serves management only: no request of it is ever routed.
    @Bean
    NoRoutes routePredicateHandlerMapping(
            FilteringWebHandler handler,
            RouteLocator routes,
            GlobalCorsProperties cors,
            Environment environment) {
        return new NoRoutes(handler, routes, cors, environment);
    }
}
