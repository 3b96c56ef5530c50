package dev.sluice.spring;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.ForwardInterceptor;
import dev.sluice.http.RequestEvents;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.LocaleContextResolver;
import org.springframework.web.server.session.WebSessionManager;

/// Runs a rule's requests through the filter chain of its Spring Cloud Gateway route.
public final class SpringStage implements ForwardInterceptor {

    private final Route route;
    private final Beans beans;

    /// What an exchange needs of the application.
    ///
    /// @param handler `FilteringWebHandler`
    public record Beans(
            WebHandler handler,
            WebSessionManager sessions,
            ServerCodecConfigurer codecs,
            LocaleContextResolver locales,
            ApplicationContext context) {}

    public SpringStage(Route route, Beans beans) {
        this.route = route;
        this.beans = beans;
    }

    @Override
    public RequestEvents begin(Exchange exchange, boolean end) {
        SpringExchange stage = new SpringExchange(exchange, end);
        ServerWebExchange web =
                new DefaultServerWebExchange(
                        new SpringRequest(exchange, stage.uri(), stage.body()),
                        stage.response(),
                        beans.sessions(),
                        beans.codecs(),
                        beans.locales(),
                        beans.context());
        web.getAttributes().put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, route);
        web.getAttributes().put(ForwardFilter.EXCHANGE, stage);
        try {
            beans.handler().handle(web).subscribe(stage);
        } catch (Throwable error) {
            stage.onClientAbort(); // a request to the backend may be on its way
            throw error;
        }
        return stage;
    }
}
