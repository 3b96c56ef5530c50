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
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
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

/// The Spring stage: filters of Spring Cloud Gateway, what rules may use of them, and rules as
/// routes.
@Configuration(proxyBeanMethods = false)
class SpringStageConfiguration {

    @Bean
    SpringFilters springFilters(
            SluiceProperties properties,
            List<GatewayFilterFactory<?>> factories,
            ConfigurationService configuration,
            ForwardTargets forwards) {
        SpringFilterProperties filters = properties.springFilters();
        return new SpringFilters(
                factories,
                configuration,
                new FilterPermissions(filters.allowed(), filters.packages(), forwards));
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
