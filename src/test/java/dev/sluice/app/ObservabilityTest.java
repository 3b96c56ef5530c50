package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.Manifests;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole application with access log, metrics and spans: what operators see of a request.
class ObservabilityTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    @TempDir private Path folder;

    @Test
    void request_isSeenInLogMetricsAndTrace() throws Exception {
        BlockingQueue<byte[]> spans = new LinkedBlockingQueue<>();
        BlockingQueue<String> parents = new LinkedBlockingQueue<>();
        HttpServer server = Loopback.server();
        server.createContext(
                "/v1/traces",
                exchange -> {
                    spans.add(exchange.getRequestBody().readAllBytes());
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.createContext(
                "/",
                exchange -> {
                    parents.add(exchange.getRequestHeaders().getFirst("traceparent"));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        Path config = Files.createDirectory(folder.resolve("config"));
        Path log = folder.resolve("access.log");
        int port = Loopback.freePort();
        Files.writeString(config.resolve("all.yaml"), yaml(port, server.getAddress().getPort()));
        int management = Loopback.freePort();
        try (ConfigurableApplicationContext application =
                new SpringApplicationBuilder(SluiceApplication.class)
                        .run(
                                "--management.server.port=" + management,
                                "--sluice.source.file.path=" + config,
                                "--sluice.access-log.enabled=true",
                                "--sluice.access-log.file=" + log,
                                "--sluice.server.trusted-proxies=127.0.0.0/8",
                                "--management.opentelemetry.tracing.export.schedule-delay=50ms",
                                "--management.opentelemetry.tracing.export.otlp.endpoint="
                                        + "http://127.0.0.1:"
                                        + server.getAddress().getPort()
                                        + "/v1/traces")) {
            assertThat(application.isRunning()).isTrue();
            int status =
                    get(
                            port,
                            "/cart?x=1",
                            Map.of(
                                    "traceparent",
                                    "00-" + TRACE + "-" + PARENT + "-01",
                                    "X-Forwarded-For",
                                    "9.9.9.9"));
            assertThat(status).isEqualTo(200);
            assertThat(parents.poll(10, TimeUnit.SECONDS))
                    .startsWith("00-" + TRACE + "-")
                    .endsWith("-01")
                    .doesNotContain(PARENT);
            // Protocol buffers keep texts as they are.
            assertThat(new String(polled(spans), StandardCharsets.ISO_8859_1))
                    .contains("GET /cart")
                    .contains("httproute/default/route/0");
            String metrics = prometheus(management);
            assertThat(metrics)
                    .contains("sluice_requests_seconds_count{")
                    .contains("rule=\"httproute/default/route/0\"")
                    .contains("sluice_generation 1.0")
                    .contains("sluice_upstream_connections{upstream=\"default/backend:80\"} 1.0")
                    .contains("sluice_translation_seconds_count 1")
                    .contains("sluice_connections_accepted_total");
        } finally {
            server.stop(0);
        }
        assertThat(Files.readString(log))
                .contains("\"client\":\"9.9.9.9\"")
                .contains("\"target\":\"/cart?x=1\"")
                .contains("\"status\":200")
                .contains("\"rule\":\"httproute/default/route/0\"")
                .contains("\"trace_id\":\"" + TRACE + "\"");
    }

    private static byte[] polled(BlockingQueue<byte[]> spans) throws InterruptedException {
        byte[] span = spans.poll(10, TimeUnit.SECONDS);
        assertThat(span).isNotNull();
        return span;
    }

    private static String prometheus(int management) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + management
                                                        + "/actuator/prometheus"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static int get(int port, String target, Map<String, String> fields) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                        .version(HttpClient.Version.HTTP_1_1);
        fields.forEach(request::header);
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static String yaml(int port, int backend) {
        return Manifests.gateway(port)
                + """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: route}
                spec:
                  parentRefs:
                    - name: gateway
                  rules:
                    - matches:
                        - path: {type: PathPrefix, value: /cart}
                      backendRefs:
                        - {name: backend, port: 80}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: backend}
                spec:
                  ports:
                    - {port: 80}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: backend-1
                  labels: {kubernetes.io/service-name: backend}
                addressType: IPv4
                ports:
                  - {port: %d}
                endpoints:
                  - addresses: [127.0.0.1]
                """
                        .formatted(backend);
    }
}
