package dev.sluice.gateway.traps;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Upstream.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/// A Spring Cloud Gateway as its starter makes it, in a pod, without anything of ours; its routes
/// are those of the test.
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        excludeName = {
            "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration"
        })
class PlainGateway {

    /// What hangs there need not be waited for as long as what has to come.
    private static final int PATIENCE_MILLIS = 3_000;

    private static final AtomicReference<List<RouteDefinition>> ROUTES =
            new AtomicReference<>(List.of());
    private static final AtomicReference<ConfigurableApplicationContext> CONTEXT =
            new AtomicReference<>();

    @Bean
    RouteDefinitionLocator routes() {
        return () -> Flux.defer(() -> Flux.fromIterable(ROUTES.get()));
    }

    static void start() {
        CONTEXT.set(
                new SpringApplicationBuilder(PlainGateway.class)
                        .web(WebApplicationType.REACTIVE)
                        .run(
                                "--spring.config.name=none", // not ours
                                "--server.port=0",
                                "--server.http2.enabled=true",
                                "--spring.main.cloud-platform=kubernetes",
                                "--spring.main.banner-mode=off",
                                // Would start a client of gRPC's that is here for other tests.
                                "--spring.cloud.gateway.server.webflux.filter.json-to-grpc.enabled=false",
                                "--logging.level.root=warn"));
    }

    static void stop() {
        CONTEXT.get().close();
    }

    /// One route, which takes all requests to the backend.
    static Served serve(Endpoint backend, Timeouts timeouts, FilterDefinition... filters) {
        RouteDefinition route = route("all", backend);
        route.setFilters(List.of(filters));
        long limit = timeouts.request().toMillis();
        if (limit > 0) {
            route.setMetadata(Map.of(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, limit));
        }
        return serve(List.of(route));
    }

    /// A route for each host, with the origins that its CORS allows.
    static Served serve(RawBackend backend, Map<String, List<String>> originsByHost) {
        List<RouteDefinition> routes = new ArrayList<>();
        originsByHost.forEach((host, origins) -> {
            RouteDefinition route = route(host, backend.endpoint());
            route.setPredicates(
                    List.of(
                            new PredicateDefinition("Host=" + host),
                            new PredicateDefinition("Path=/**")));
            if (!origins.isEmpty()) {
                route.setMetadata(Map.of("cors", Map.of("allowedOrigins", origins)));
            }
            routes.add(route);
        });
        return serve(routes);
    }

    /// A route for the clients of one address.
    static Served serve(RawBackend backend, String client) {
        RouteDefinition route = route("client", backend.endpoint());
        route.setPredicates(List.of(new PredicateDefinition("RemoteAddr=" + client)));
        return serve(List.of(route));
    }

    private static RouteDefinition route(String id, Endpoint backend) {
        RouteDefinition route = new RouteDefinition();
        route.setId(id);
        route.setUri(URI.create("http://127.0.0.1:" + backend.port()));
        return route;
    }

    static FilterDefinition filter(String factory, Map<String, String> args) {
        FilterDefinition filter = new FilterDefinition();
        filter.setName(factory);
        filter.setArgs(args);
        return filter;
    }

    /// Closing it leaves the application to the next test.
    private static Served serve(List<RouteDefinition> routes) {
        ROUTES.set(routes);
        CONTEXT.get().publishEvent(new RefreshRoutesEvent(routes));
        int port =
                Objects.requireNonNull(((WebServerApplicationContext) CONTEXT.get()).getWebServer())
                        .getPort();
        return new Served() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public RawClient client() throws IOException {
                return new RawClient(port, PATIENCE_MILLIS);
            }

            @Override
            public RawHttp2Client http2Client() throws IOException {
                return new RawHttp2Client(port, PATIENCE_MILLIS);
            }

            @Override
            public void close() {
                // The next test goes on with it.
            }
        };
    }
}
