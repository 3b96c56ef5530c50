package dev.sluice.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.app.SluiceApplication;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.Manifests;
import dev.sluice.fixture.wire.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Settings from a mounted ConfigMap: what is good takes effect in the running process, and what is
/// not is told and changes nothing.
class SettingsReloadTest {

    private static final int FIELDS = 20;

    @TempDir private Path folder;
    private int management;
    private int port;
    private int version;

    @Test
    void mountedSettings_reloadWhereTheyAreGood() throws Exception {
        HttpServer backend = Loopback.answering();
        Path resources = Files.createDirectory(folder.resolve("resources"));
        Files.createDirectory(folder.resolve("settings"));
        port = Loopback.freePort();
        management = Loopback.freePort();
        Files.writeString(
                resources.resolve("all.yaml"),
                Manifests.gateway(port, backend.getAddress().getPort()) + Manifests.route("route"));
        mount("sluice.server.max-fields: 256");
        try (ConfigurableApplicationContext application = run(resources)) {
            assertThat(application.isRunning()).isTrue();
            assertThat(request()).isEqualTo(200);

            mount(
                    """
                    sluice.server.max-fields: 10
                    sluice.workers: 3
                    logging.level.test.reloaded: debug
                    """);
            until("needRestart\":[\"sluice.workers\"]");
            assertThat(request()).isEqualTo(431);
            assertThat(LoggerFactory.getLogger("test.reloaded").isDebugEnabled()).isTrue();
            assertThat(metrics())
                    .contains("sluice_settings_restart 1.0")
                    .contains("sluice_settings_rejected 0.0");

            rejected(
                    "sluice.server: { max-fields: 0 }",
                    "sluice.server.max-fields must be 1 to 100000, was 0");
            rejected(
                    "sluice.server: { max-fields: many }",
                    "sluice.server.max-fields was \\\"many\\\"",
                    "application.yaml] - 1:30");
            rejected("sluice.server: { max-feilds: 30 }", "sluice.server.max-feilds is not known");
            rejected("sluice: [", "line 1, column 10");
            rejected("logging.level.a: loud", "logging.level.a was \\\"loud\\\"");
            assertThat(request()).isEqualTo(431);
            assertThat(metrics()).contains("sluice_settings_rejected 1.0");

            mount("sluice.server.max-fields: 256");
            until("\"settings\":{\"status\":\"UP\"}");
            assertThat(request()).isEqualTo(200);
            assertThat(LoggerFactory.getLogger("test.reloaded").isDebugEnabled()).isFalse();
        } finally {
            backend.stop(0);
        }
    }

    private ConfigurableApplicationContext run(Path resources) {
        return new SpringApplicationBuilder(SluiceApplication.class)
                .run(
                        "--management.server.port=" + management,
                        "--spring.config.additional-location=optional:file:"
                                + folder.resolve("settings")
                                + "/",
                        "--sluice.reload=20ms",
                        "--sluice.source.file.path=" + resources);
    }

    /// Nobody could connect, and nothing told why.
    @Test
    void requiredProxyProtocolWithoutSources_isReported_untilThereAreSome() throws Exception {
        HttpServer backend = Loopback.answering();
        Path resources = Files.createDirectory(folder.resolve("resources"));
        Files.createDirectory(folder.resolve("settings"));
        port = Loopback.freePort();
        management = Loopback.freePort();
        Files.writeString(
                resources.resolve("all.yaml"),
                Manifests.gateway(port, backend.getAddress().getPort())
                                .replace(
                                        "  gatewayClassName: sluice",
                                        """
                                          gatewayClassName: sluice
                                          infrastructure:
                                            parametersRef: {group: "", kind: ConfigMap, name: parameters}
                                        """
                                                .stripTrailing())
                        + Manifests.route("route")
                        + """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: parameters}
                        data: {proxyProtocol: Required}
                        """);
        mount("sluice.server.max-fields: 256");
        try (ConfigurableApplicationContext application = run(resources)) {
            assertThat(application.isRunning()).isTrue();
            String wrong = "sluice.server.proxy-protocol-sources lists no source";
            assertThat(statuses()).contains(wrong);
            mount("sluice.server.proxy-protocol-sources: 127.0.0.1");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(statuses()).doesNotContain(wrong));
            try (RawClient client = new RawClient(port)) {
                client.send(
                        "PROXY TCP4 203.0.113.7 198.51.100.1 1 80\r\n"
                                + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(200);
            }
            mount("sluice.server.max-fields: 256");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(statuses()).contains(wrong));
        } finally {
            backend.stop(0);
        }
    }

    private String statuses() throws Exception {
        return get(management, "/actuator/statuses", 0).body();
    }

    private void rejected(String yaml, String... told) throws IOException {
        mount(yaml);
        for (String text : told) {
            until(text);
        }
    }

    private void until(String text) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() ->
                        assertThat(get(management, "/actuator/health", 0).body()).contains(text));
    }

    /// As the kubelet does: a new folder, and a link that is replaced at once.
    private void mount(String yaml) throws IOException {
        Path settings = folder.resolve("settings");
        Path data = Files.createDirectory(settings.resolve("..version" + ++version));
        Files.writeString(data.resolve("application.yaml"), yaml);
        Path link = Files.createSymbolicLink(settings.resolve("..data_tmp"), data.getFileName());
        Files.move(link, settings.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        if (version == 1) {
            Files.createSymbolicLink(
                    settings.resolve("application.yaml"), Path.of("..data/application.yaml"));
        }
    }

    private int request() throws Exception {
        return get(port, "/", FIELDS).status();
    }

    private String metrics() throws Exception {
        return get(management, "/actuator/prometheus", 0).body();
    }

    private record Got(int status, String body) {}

    private static Got get(int port, String path, int fields) throws Exception {
        // A connection of its own, which is served by the settings of now.
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        for (int i = 0; i < fields; i++) {
            request.header("x-" + i, "1");
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Got(response.statusCode(), response.body());
        }
    }
}
