package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.Manifests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Routes that are made, replaced and deleted at run time, in a running gateway.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouteWritesTest {

    private static final String ROUTE =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: NAME}
            spec:
              parentRefs: [{name: gateway}]
              rules:
              - matches: [{path: {type: Exact, value: /NAME}}]
                backendRefs: [{name: SERVICE, port: 80}]
            """;

    private final HttpClient client = HttpClient.newHttpClient();

    private Path folder;
    private HttpServer backend;
    private ConfigurableApplicationContext application;
    private int port;
    private int management;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        backend = Loopback.answering();
        port = Loopback.freePort();
        management = Loopback.freePort();
        Path config = Files.createDirectory(folder.resolve("config"));
        Files.writeString(
                config.resolve("gateway.yaml"),
                Manifests.gateway(port, backend.getAddress().getPort()));
        Files.writeString(config.resolve("fixed.yaml"), route("fixed", "backend"));
        application =
                new SpringApplicationBuilder(SluiceApplication.class)
                        .run(
                                "--sluice.source.file.path=" + config,
                                "--sluice.routes.writes=true",
                                "--sluice.routes.path=" + folder.resolve("managed"),
                                "--sluice.routes.password=secret",
                                "--management.server.port=" + management);
    }

    private static String route(String name, String service) {
        return ROUTE.replace("NAME", name).replace("SERVICE", service);
    }

    @AfterAll
    void stop() {
        application.close();
        backend.stop(0);
    }

    private HttpResponse<String> get(int at, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> write(String method, String name, String body, String password)
            throws Exception {
        String credentials =
                Base64.getEncoder()
                        .encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + management
                                                + "/actuator/routes/default/"
                                                + name))
                        .timeout(Duration.ofSeconds(10))
                        .method(method, BodyPublishers.ofString(body));
        if (!password.isEmpty()) {
            request.header("Authorization", "Basic " + credentials);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private void awaitStatus(String path, int status) {
        await().untilAsserted(() -> assertThat(get(port, path).statusCode()).isEqualTo(status));
    }

    @Test
    void route_isMadeReplacedAndDeleted() throws Exception {
        assertThat(write("PUT", "one", route("one", "backend"), "secret").statusCode())
                .isEqualTo(201);
        awaitStatus("/one", 200);
        assertThat(get(management, "/actuator/routes").body()).contains("\"default/one\"");
        assertThat(get(management, "/actuator/routes/default/one").body())
                .isEqualTo(route("one", "backend"));
        String other = route("one", "backend").replace("/one", "/uno");
        assertThat(write("PUT", "one", other, "secret").statusCode()).isEqualTo(200);
        awaitStatus("/uno", 200);
        assertThat(get(port, "/one").statusCode()).isEqualTo(404);
        assertThat(folder.resolve("managed/default.one.yaml")).hasContent(other);
        assertThat(write("DELETE", "one", "", "secret").statusCode()).isEqualTo(204);
        awaitStatus("/uno", 404);
        assertThat(write("DELETE", "one", "", "secret").statusCode()).isEqualTo(404);
    }

    @Test
    void springDefinition_becomesARoute() throws Exception {
        String definition =
                """
                {"predicates": ["Path=/spring/**", "Method=GET"],
                 "filters": ["SetPath=/x", {"name": "AddResponseHeader",
                             "args": {"name": "x-spring", "value": "yes"}}],
                 "uri": "http://127.0.0.1:BACKEND"}
                """
                        .replace("BACKEND", String.valueOf(backend.getAddress().getPort()));
        HttpResponse<String> answer = write("PUT", "spring", definition, "secret");
        assertThat(answer.body()).isEqualTo("{\"created\":true}");
        awaitStatus("/spring/a", 200);
        assertThat(get(port, "/spring/a").headers().firstValue("x-spring")).contains("yes");
    }

    @Test
    void writes_needThePassword() throws Exception {
        String body = route("two", "backend");
        assertThat(write("PUT", "two", body, "").statusCode()).isEqualTo(401);
        assertThat(write("PUT", "two", body, "guess").statusCode()).isEqualTo(401);
        assertThat(write("DELETE", "fixed", "", "").statusCode()).isEqualTo(401);
        assertThat(folder.resolve("managed/default.two.yaml")).doesNotExist();
        assertThat(get(management, "/actuator/health").statusCode()).isEqualTo(200);
        assertThat(get(port, "/fixed").statusCode()).isEqualTo(200);
    }

    private void assertRefused(String name, String body, String reason) throws Exception {
        HttpResponse<String> answer = write("PUT", name, body, "secret");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(reason);
        assertThat(folder.resolve("managed/default." + name + ".yaml")).doesNotExist();
    }

    @Test
    void routeThatIsWrong_isRefusedWithTheReasons() throws Exception {
        assertRefused(
                "bad",
                route("bad", "backend").replace("80", "eighty"),
                "spec.rules[0].backendRefs[0].port");
        assertRefused("bad", route("bad", "none"), "BackendNotFound");
        assertRefused("bad", route("bad", "backend").replace("gateway}", "no}"), "parentRefs");
        assertRefused("bad", route("bad", "backend") + "  extra: 1\n", "unknown field");
        assertRefused("bad", route("good", "backend"), "default/bad");
        assertRefused("fixed", route("fixed", "backend"), "is defined elsewhere");
        assertRefused(
                "bad",
                Manifests.gateway(port, backend.getAddress().getPort()),
                "does not belong to a route");
        assertRefused("bad", "{", "");
        assertRefused("bad", "{\"uri\": \"lb://x\"}", "lb://x");
        assertRefused(
                "bad",
                "{\"uri\": \"http://a.example\", \"filters\": [\"Nonsense=1\"]}",
                "Nonsense");
        assertRefused(
                "bad",
                "{\"uri\": \"http://a.example\", \"predicates\": [\"Weight=a,1\"]}",
                "Weight");
    }

    @Test
    void writesWithoutPassword_doNotStart() {
        Throwable failure =
                catchThrowable(() ->
                        new SpringApplicationBuilder(SluiceApplication.class)
                                .run(
                                        "--sluice.source.file.path=" + folder.resolve("config"),
                                        "--sluice.routes.writes=true",
                                        "--sluice.routes.path=" + folder.resolve("managed"),
                                        "--management.server.port=0"));
        assertThat(failure).rootCause().hasMessageContaining("sluice.routes.password");
    }
}
