package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.Manifests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole application on a folder of YAML: from a file to an answer, and through its changes.
class StandaloneTest {

    private static final String ROUTE =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: route
            spec:
              parentRefs:
                - name: gateway
              rules:
                - filters:
                    - type: ResponseHeaderModifier
                      responseHeaderModifier:
                        set:
                          - name: x-version
                            value: "VERSION"
                  backendRefs:
                    - name: backend
                      port: 80
            """;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir private Path folder;
    private HttpServer backend;
    private ConfigurableApplicationContext application;
    private int port;
    private int management;

    @BeforeEach
    void start() throws IOException {
        backend = Loopback.answering();
        port = Loopback.freePort();
        management = Loopback.freePort();
        Files.writeString(
                folder.resolve("gateway.yaml"),
                Manifests.gateway(port, backend.getAddress().getPort()));
        Files.writeString(folder.resolve("route.yaml"), ROUTE.replace("VERSION", "1"));
        application =
                new SpringApplicationBuilder(SluiceApplication.class)
                        .run(
                                "--sluice.source.file.path=" + folder,
                                "--management.server.port=" + management);
    }

    @AfterEach
    void stop() {
        application.close();
        backend.stop(0);
    }

    private HttpResponse<String> get(int at, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                        .timeout(Duration.ofSeconds(10))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private String version() throws Exception {
        HttpResponse<String> response = get(port, "/");
        assertThat(response.statusCode()).isEqualTo(200);
        return response.headers().firstValue("x-version").orElse("");
    }

    @Test
    void folder_isServedAndSeen() throws Exception {
        assertThat(version()).isEqualTo("1");
        assertThat(get(management, "/actuator/health/readiness").body()).contains("\"UP\"");
        assertThat(get(management, "/actuator/gateway/routes").body())
                .contains("\"route_id\":\"httproute/default/route/0\"");
        assertThat(
                        get(management, "/actuator/gateway/routes/httproute%2Fdefault%2Froute%2F0")
                                .body())
                .contains("\"springStage\":\"no: express\"");
        assertThat(get(management, "/actuator/statuses/httproute/default/route").body())
                .contains("\"type\":\"Accepted\",\"status\":\"True\"");
        HttpRequest yaml =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + management + "/actuator/statuses"))
                        .header("Accept", "application/yaml")
                        .build();
        assertThat(client.send(yaml, BodyHandlers.ofString()).body())
                .contains("HTTPRoute default/route:\n  parents:\n");
        assertThat(get(management, "/actuator/prometheus").body())
                .contains(
                        "sluice_requests_seconds_count{rule=\"httproute/default/route/0\",status=\"2xx\"} 1");
        assertThat(get(management, "/").statusCode()).isEqualTo(404);
        HttpRequest write =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + management
                                                + "/actuator/routes/default/other"))
                        .PUT(HttpRequest.BodyPublishers.ofString(ROUTE))
                        .build();
        assertThat(client.send(write, BodyHandlers.ofString()).statusCode())
                .as("writes are off")
                .isEqualTo(404);
    }

    @Test
    void brokenEdit_failsNoRequest_andItsFixIsLiveSoon() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Integer> load =
                    thread.submit(() -> {
                        int served = 0;
                        while (!stop.get()) {
                            version();
                            served++;
                        }
                        return served;
                    });
            try {
                version(); // warm
                Files.writeString(folder.resolve("route.yaml"), "spec: {rules: [");
                awaitProblem(load);
                long written = System.nanoTime();
                Files.writeString(folder.resolve("route.yaml"), ROUTE.replace("VERSION", "2"));
                while (!version().equals("2")) {
                    assertThat(load.isDone()).isFalse();
                }
                Duration live = Duration.ofNanos(System.nanoTime() - written);
                assertThat(live).isLessThan(Duration.ofSeconds(1));
            } finally {
                stop.set(true);
            }
            assertThat(load.get(10, TimeUnit.SECONDS)).isPositive();
        }
    }

    private void awaitProblem(Future<?> load) {
        var source = application.getBean(dev.sluice.source.file.FileSource.class);
        while (source.findings().isEmpty()) {
            assertThat(load.isDone()).isFalse();
            Thread.onSpinWait();
        }
        assertThat(source.findings().getFirst().toString()).startsWith("route.yaml:1: ");
    }
}
