package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.Manifests;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// A user's filter that asks where a Service is.
class DiscoveryTest {

    private static final String ROUTE =
            """
            apiVersion: policy.sluice.dev/v1alpha1
            kind: GatewayFilter
            metadata: {name: where}
            spec:
              factory: Where
              args: {service: backend.default}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: route}
            spec:
              parentRefs: [{name: gateway}]
              rules:
                - filters:
                    - type: ExtensionRef
                      extensionRef: {group: policy.sluice.dev, kind: GatewayFilter, name: where}
                  backendRefs: [{name: backend, port: 80}]
            """;

    @TempDir private Path folder;

    /// Adds where the instances of a service are to the response.
    static final class WhereGatewayFilterFactory
            extends AbstractGatewayFilterFactory<WhereGatewayFilterFactory.Settings> {

        private final ReactiveDiscoveryClient reactive;
        private final DiscoveryClient blocking;

        WhereGatewayFilterFactory(ReactiveDiscoveryClient reactive, DiscoveryClient blocking) {
            super(Settings.class);
            this.reactive = reactive;
            this.blocking = blocking;
        }

        static final class Settings {
            private String service = "";

            public String getService() {
                return service;
            }

            public void setService(String service) {
                this.service = service;
            }
        }

        @Override
        public GatewayFilter apply(Settings settings) {
            return (exchange, chain) ->
                    reactive.getInstances(settings.getService())
                            .map(one -> one.getUri().toString())
                            .collectList()
                            .doOnNext(all -> {
                                List<String> same =
                                        blocking.getInstances(settings.getService()).stream()
                                                .map(ServiceInstance::getUri)
                                                .map(URI::toString)
                                                .toList();
                                exchange.getResponse().getHeaders().addAll("x-reactive", all);
                                exchange.getResponse().getHeaders().addAll("x-blocking", same);
                            })
                            .then(chain.filter(exchange));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class UserFilters {
        @Bean
        WhereGatewayFilterFactory whereGatewayFilterFactory(
                ReactiveDiscoveryClient reactive, DiscoveryClient blocking) {
            return new WhereGatewayFilterFactory(reactive, blocking);
        }
    }

    @Test
    void userFilter_findsServices() throws Exception {
        HttpServer backend = Loopback.answering();
        int at = backend.getAddress().getPort();
        int port = Loopback.freePort();
        int management = Loopback.freePort();
        Files.writeString(folder.resolve("all.yaml"), Manifests.gateway(port, at) + ROUTE);
        try (ConfigurableApplicationContext _ =
                        new SpringApplicationBuilder(SluiceApplication.class, UserFilters.class)
                                .run(
                                        "--sluice.source.file.path=" + folder,
                                        "--sluice.spring-filters.packages=dev.sluice.app",
                                        "--management.server.port=" + management);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = get(client, port, "/");
            assertThat(response.statusCode()).isEqualTo(200);
            String uri = "http://127.0.0.1:" + at;
            assertThat(response.headers().allValues("x-reactive")).containsExactly(uri);
            assertThat(response.headers().allValues("x-blocking")).containsExactly(uri);
            assertThat(get(client, management, "/actuator/health").body())
                    .as("health does not list Services")
                    .contains("\"UP\"")
                    .doesNotContain("backend.default");
        } finally {
            backend.stop(0);
        }
    }

    private static HttpResponse<String> get(HttpClient client, int port, String path)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
