package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.Manifests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.DispatcherHandler;

/// Where filters of rules may forward requests to inside the application, which has the management
/// port, too: with writes on, whoever got there could make routes without a password.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringForwardTest {

    private static final String ROUTE =
            """
            apiVersion: policy.sluice.dev/v1alpha1
            kind: GatewayFilter
            metadata: {name: NAME}
            spec: FILTER
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: NAME}
            spec:
              parentRefs: [{name: gateway}]
              rules:
              - matches: [{path: {type: Exact, value: /NAME}}]
                filters:
                - type: ExtensionRef
                  extensionRef: {group: policy.sluice.dev, kind: GatewayFilter, name: NAME}
                backendRefs: [{name: backend, port: 80}]
            ---
            """;

    /// Targets that nobody named, and other spellings of them.
    private static final String[] REFUSED = {
        "forward:/actuator/health",
        "forward:///actuator/health",
        "forward:///actuator//health",
        "forward:/sorry/../actuator/health",
        "forward:/%61ctuator/health",
        "forward:actuator/health",
        "forward://sorry/actuator/health",
        "http://localhost/actuator/health",
        "/actuator/health",
        "forward:/unnamed",
        "forward:/sorry/",
        "forward:/sorry;a=b",
        "forward:/SORRY",
        "forward:/sorry?/actuator/health",
    };

    private final HttpClient client = HttpClient.newHttpClient();

    private ConfigurableApplicationContext application;
    private int port;
    private int management;

    /// Handlers of the operator, one of them named for fallbacks.
    @RestController
    static class Handlers {
        @GetMapping("/sorry")
        String sorry() {
            return "sorry";
        }

        @GetMapping("/unnamed")
        String unnamed() {
            return "unnamed";
        }
    }

    /// An own filter that sends each request into the application.
    static final class IntoTheApplicationGatewayFilterFactory
            extends AbstractGatewayFilterFactory<AbstractGatewayFilterFactory.NameConfig> {

        IntoTheApplicationGatewayFilterFactory() {
            super(NameConfig.class);
        }

        @Override
        public GatewayFilter apply(NameConfig target) {
            return (exchange, _) -> {
                var context = exchange.getApplicationContext();
                assertThat(context).isNotNull();
                var request =
                        exchange.getRequest().mutate().uri(URI.create(target.getName())).build();
                return context.getBean(DispatcherHandler.class)
                        .handle(exchange.mutate().request(request).build());
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        Handlers handlers() {
            return new Handlers();
        }

        @Bean
        IntoTheApplicationGatewayFilterFactory intoTheApplication() {
            return new IntoTheApplicationGatewayFilterFactory();
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        port = Loopback.freePort();
        management = Loopback.freePort();
        Path config = Files.createDirectory(folder.resolve("config"));
        int nobody = Loopback.freePort();
        StringBuilder text = new StringBuilder(Manifests.gateway(port, nobody));
        text.append(fallback("sorry", "forward:/sorry"));
        text.append(fallback("write", "forward:/actuator/routes/default/evil"));
        text.append(own("own-sorry", "/sorry")).append(own("own-health", "/actuator/health"));
        for (int i = 0; i < REFUSED.length; i++) {
            text.append(fallback("refused-" + i, REFUSED[i]));
        }
        Files.writeString(config.resolve("all.yaml"), text);
        application =
                new SpringApplicationBuilder(SluiceApplication.class, Beans.class)
                        .run(
                                "--sluice.source.file.path=" + config,
                                "--sluice.routes.writes=true",
                                "--sluice.routes.path=" + folder.resolve("managed"),
                                "--sluice.routes.password=secret",
                                "--sluice.spring-filters.forwards=/sorry",
                                "--sluice.spring-filters.packages=dev.sluice.app",
                                "--management.server.port=" + management);
    }

    private static String fallback(String name, String uri) {
        return route(
                name,
                "{factory: CircuitBreaker, args: {name: %s, fallbackUri: \"%s\", statusCodes: [500, 503], resumeWithoutError: false}}"
                        .formatted(name, uri));
    }

    private static String own(String name, String path) {
        return route(name, "{factory: IntoTheApplication, args: {name: \"" + path + "\"}}");
    }

    private static String route(String name, String filter) {
        return ROUTE.replace("NAME", name).replace("FILTER", filter);
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private HttpResponse<String> get(int at, String path) throws Exception {
        return send(request(at, path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(
                request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int at, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path));
    }

    @Test
    void handlerThatAnOperatorNames_answers() throws Exception {
        assertThat(get(port, "/sorry").body()).isEqualTo("sorry");
        assertThat(get(port, "/own-sorry").body()).isEqualTo("sorry");
    }

    @ParameterizedTest
    @FieldSource("REFUSED")
    void targetThatNobodyNames_isRefused(String uri) throws Exception {
        int index = java.util.List.of(REFUSED).indexOf(uri);
        HttpResponse<String> response = get(port, "/refused-" + index);
        assertThat(response.body()).isEqualTo("a filter of the rule is not usable\n");
        assertThat(response.statusCode()).isEqualTo(500);
    }

    @Test
    void managementPort_isNotReachedByAFallback() throws Exception {
        String route = Manifests.route("evil");
        HttpResponse<String> response =
                send(
                        request(port, "/write")
                                .header("Content-Type", "application/yaml")
                                .PUT(BodyPublishers.ofString(route)));
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(get(management, "/actuator/routes").body()).doesNotContain("evil");
    }

    @Test
    void managementPort_isNotReachedByAFilterOfOnesOwn() throws Exception {
        HttpResponse<String> response = get(port, "/own-health");
        assertThat(response.body()).doesNotContain("UP");
        assertThat(response.statusCode()).isEqualTo(500);
    }

    @Test
    void managementPort_servesItsOwnClients() throws Exception {
        assertThat(get(management, "/actuator/health").body()).contains("\"UP\"");
        assertThat(get(management, "/unnamed").body()).isEqualTo("unnamed");
    }
}
