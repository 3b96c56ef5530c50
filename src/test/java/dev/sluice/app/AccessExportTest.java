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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole application with a receiver of OTLP: the access log of a TelemetryPolicy, and no
/// secret in it.
class AccessExportTest {

    @TempDir private Path folder;

    @Test
    void requestsOfThePolicy_areSentByOtlp_withoutSecrets() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer server = Loopback.answering();
        server.createContext(
                "/v1/logs",
                exchange -> {
                    // Protocol buffers keep texts as they are.
                    received.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.ISO_8859_1));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        int backend = server.getAddress().getPort();
        int port = Loopback.freePort();
        Files.writeString(folder.resolve("all.yaml"), yaml(port, backend));
        StringBuilder sent = new StringBuilder();
        try (ConfigurableApplicationContext application =
                new SpringApplicationBuilder(SluiceApplication.class)
                        .run(
                                "--management.server.port=" + Loopback.freePort(),
                                "--sluice.source.file.path=" + folder,
                                "--management.opentelemetry.logging.export.otlp.endpoint="
                                        + "http://127.0.0.1:"
                                        + backend
                                        + "/v1/logs")) {
            assertThat(application.isRunning()).isTrue();
            assertThat(get(port, "/quiet")).isEqualTo(200);
            assertThat(get(port, "/told?key=secret-in-query&page=1")).isEqualTo(200);
            while (!sent.toString().contains("/told")) {
                String next = received.poll(20, TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                sent.append(next);
            }
        } finally {
            server.stop(0);
        }
        received.forEach(sent::append);
        assertThat(sent.toString())
                .contains("sluice.access")
                .contains("page=1")
                .contains("httproute/default/route/told")
                .doesNotContain("/quiet")
                .doesNotContain("secret");
    }

    private static int get(int port, String target) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("authorization", "Bearer secret-token")
                        .header("cookie", "session=secret-cookie")
                        .header("x-api-key", "secret-key")
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
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
                    - name: told
                      matches:
                        - path: {type: PathPrefix, value: /told}
                      backendRefs:
                        - {name: backend, port: 80}
                    - name: quiet
                      backendRefs:
                        - {name: backend, port: 80}
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: backend
                  annotations: {sluice.dev/endpoints: "127.0.0.1:%d"}
                spec:
                  ports:
                    - {port: 80}
                ---
                apiVersion: policy.sluice.dev/v1alpha1
                kind: TelemetryPolicy
                metadata: {name: told}
                spec:
                  targetRefs:
                    - {group: gateway.networking.k8s.io, kind: HTTPRoute, name: route, sectionName: told}
                  accessLog:
                    sinks: [OTLP]
                ---
                apiVersion: policy.sluice.dev/v1alpha1
                kind: AuthPolicy
                metadata: {name: told}
                spec:
                  targetRefs:
                    - {group: gateway.networking.k8s.io, kind: HTTPRoute, name: route, sectionName: told}
                  apiKey:
                    secretRefs: [{name: keys}]
                    from: {params: [key]}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: keys}
                stringData: {batch: secret-in-query}
                """
                        .formatted(backend);
    }
}
