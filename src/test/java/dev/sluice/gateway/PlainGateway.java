package dev.sluice.gateway;

import dev.sluice.ir.Timeouts;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/// A Spring Cloud Gateway as its starter makes it, in a pod, without anything of ours; its one route
/// takes all requests to the backend of the test.
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

    private static final AtomicReference<Route> ROUTE = new AtomicReference<>();

    @Bean
    RouteLocator routes() {
        return () -> Flux.defer(() -> Flux.just(ROUTE.get()));
    }

    private static Route route(URI uri, Timeouts timeouts) {
        var route = Route.async().id("all").uri(uri).predicate(_ -> true);
        long limit = timeouts.request().toMillis();
        if (limit > 0) {
            route.metadata(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, limit);
        }
        return route.build();
    }

    static ConfigurableApplicationContext start() {
        ROUTE.set(route(URI.create("http://127.0.0.1:1"), Timeouts.NONE));
        return new SpringApplicationBuilder(PlainGateway.class)
                .web(WebApplicationType.REACTIVE)
                .run(
                        "--spring.config.name=none", // not ours
                        "--server.port=0",
                        "--server.http2.enabled=true",
                        "--spring.main.cloud-platform=kubernetes",
                        "--spring.main.banner-mode=off",
                        // Would start a client of gRPC's that is here for other tests.
                        "--spring.cloud.gateway.server.webflux.filter.json-to-grpc.enabled=false",
                        "--logging.level.root=warn");
    }

    /// The gateway in front of that backend. Closing it leaves the application to the next one.
    static Served serve(
            ConfigurableApplicationContext context, RawBackend backend, Timeouts timeouts) {
        ROUTE.set(route(URI.create("http://127.0.0.1:" + backend.endpoint().port()), timeouts));
        context.publishEvent(new RefreshRoutesEvent(backend));
        int port =
                Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
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
