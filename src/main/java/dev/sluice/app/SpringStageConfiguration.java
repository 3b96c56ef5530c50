package dev.sluice.app;

import dev.sluice.app.settings.SluiceProperties;
import dev.sluice.app.settings.SluiceProperties.SpringStageMode;
import dev.sluice.app.settings.SpringFilterProperties;
import dev.sluice.spring.ClientAddressKey;
import dev.sluice.spring.FilterPermissions;
import dev.sluice.spring.ForwardFilter;
import dev.sluice.spring.ForwardTargets;
import dev.sluice.spring.RuleRoutes;
import dev.sluice.spring.SpringFilters;
import dev.sluice.spring.SpringStage;
import dev.sluice.spring.WriteFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.CompositeRouteLocator;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import org.springframework.web.server.i18n.LocaleContextResolver;
import org.springframework.web.server.session.WebSessionManager;
import reactor.core.publisher.Flux;

/// The Spring stage: filters of Spring Cloud Gateway, what rules may use of them, and rules as
/// routes.
@Configuration(proxyBeanMethods = false)
class SpringStageConfiguration {

    /// As Spring Cloud Gateway 5 calls it, and as the versions before did.
    private static final List<String> RESTRICTIONS =
            List.of(
                    "spring.cloud.gateway.server.webflux.restrictive-property-accessor.enabled",
                    "spring.cloud.gateway.restrictive-property-accessor.enabled");

    @Bean
    SpringFilters springFilters(
            SluiceProperties properties,
            List<GatewayFilterFactory<?>> factories,
            Map<String, KeyResolver> resolvers,
            ConfigurationService configuration,
            ForwardTargets forwards,
            Environment environment) {
        checkExpressions(environment);
        SpringFilterProperties filters = properties.springFilters();
        return new SpringFilters(
                factories,
                configuration,
                new FilterPermissions(
                        filters.allowed(),
                        filters.packages(),
                        forwards,
                        named(filters.keyResolvers(), resolvers)));
    }

    private static Map<String, KeyResolver> named(
            Set<String> names, Map<String, KeyResolver> resolvers) {
        Map<String, KeyResolver> chosen = new TreeMap<>(resolvers);
        if (!chosen.keySet().containsAll(names)) {
            throw new IllegalStateException(
                    "sluice.spring-filters.key-resolvers must be names of KeyResolver beans, of "
                            + chosen.keySet()
                            + ", was "
                            + new TreeSet<>(names));
        }
        chosen.keySet().retainAll(names);
        return chosen;
    }

    /// Expressions in arguments are not evaluated here, but may be in beans of a user that bind
    /// arguments of their own: what keeps those from reading the environment stays on.
    private static void checkExpressions(Environment environment) {
        for (String name : RESTRICTIONS) {
            if (!environment.getProperty(name, Boolean.class, true)) {
                throw new IllegalStateException(
                        name + " must be true: without it expressions read every bean's fields");
            }
        }
    }

    @Bean
    ForwardTargets forwardTargets(SluiceProperties properties, WebEndpointProperties endpoints) {
        properties.springFilters().checkApartFrom(endpoints.getBasePath());
        return new ForwardTargets(properties.springFilters().forwards());
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

    /// Unless a user has one: as the only other one, or the primary.
    @Bean
    @Fallback
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
