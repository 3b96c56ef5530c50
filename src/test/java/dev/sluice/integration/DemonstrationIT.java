package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.app.SluiceApplication;
import dev.sluice.fixture.Loopback;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The worked examples of logins, with the realm of docker-compose.yml. Needs a Chromium and a
/// redis-server.
class DemonstrationIT {

    private static Keycloak keycloak;
    private static HttpServer backend;
    private static RedisProcess redis;
    private static Browser browser;
    private static int port;

    @TempDir private Path folder;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path command = Browser.installed().orElse(null);
        Assumptions.assumeTrue(command != null, "no Chromium is installed");
        port = Loopback.freePort();
        keycloak =
                Keycloak.started(
                        Path.of(System.getProperty("keycloak.home")),
                        "demo",
                        here(Path.of("docs/compose/realm/demo-realm.json")));
        redis = new RedisProcess(folder);
        backend = Loopback.server();
        backend.createContext(
                "/",
                exchange -> {
                    String user = exchange.getRequestHeaders().getFirst("x-user");
                    byte[] body = ("user=" + user).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        backend.start();
        browser = new Browser(command, Files.createDirectories(folder.resolve("profile")));
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (backend != null) {
            backend.stop(0);
        }
        if (redis != null) {
            redis.close();
        }
        if (keycloak != null) {
            keycloak.close();
        }
    }

    /// The text of a file, with the ports of this test.
    private static String here(Path file) throws Exception {
        return Files.readString(file).replace(":8080", ":" + port);
    }

    /// A Sluice with an example.
    ///
    /// @param gateway that its route names
    private ConfigurableApplicationContext sluice(String example, String gateway) throws Exception {
        Files.writeString(
                folder.resolve("example.yaml"),
                here(Path.of(example))
                        .replace("http://localhost:8090/realms/demo", keycloak.issuer()));
        Files.writeString(
                folder.resolve("gateway.yaml"),
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: GatewayClass
                metadata: {name: sluice}
                spec: {controllerName: sluice.dev/gateway-controller}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: %s}
                spec:
                  gatewayClassName: sluice
                  listeners: [{name: http, port: %d, protocol: HTTP}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: account, annotations: {sluice.dev/endpoints: "127.0.0.1:%d"}}
                spec: {ports: [{port: 80}]}
                """
                        .formatted(gateway, port, backend.getAddress().getPort()));
        return new SpringApplicationBuilder(SluiceApplication.class)
                .run(
                        "--sluice.source.file.path=" + folder,
                        "--spring.data.redis.host=127.0.0.1",
                        "--spring.data.redis.port=" + redis.port(),
                        "--management.server.port=" + Loopback.freePort());
    }

    private static String at(String path) {
        return "http://account.example.com:" + port + path;
    }

    private static void login() throws Exception {
        browser.open(at("/orders/"));
        browser.page(address -> address.startsWith(keycloak.issuer()), text -> true);
        browser.script("document.getElementById('username').value = 'alice'");
        browser.script("document.getElementById('password').value = 'alice-password'");
        browser.script("document.getElementById('kc-login').click()");
        browser.page(at("/orders/")::equals, text -> text.contains("user=alice"));
    }

    /// Opens a page and is asked who one is.
    private static void askedAt(String path) throws Exception {
        browser.open(at(path));
        browser.page(
                address -> address.startsWith(keycloak.issuer() + "/protocol/openid-connect/auth"),
                text -> true);
    }

    @Test
    void exampleWithCookies_isAsWritten() throws Exception {
        try (var _ = sluice("config/policies/login.yaml", "demo")) {
            login();
            askedAt("/orders/logout");
        }
    }

    @Test
    void exampleOfCompose_isAsWritten() throws Exception {
        try (var _ = sluice("docs/compose/routes/login.yaml", "compose")) {
            login();
            askedAt("/orders/logout");
            login();
            assertThat(keycloak.logout("alice")).isEqualTo(1);
            askedAt("/orders/");
        }
    }
}
