package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.app.SluiceApplication;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.TestCertificates;
import dev.sluice.ir.Tls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Login and logout at a running Keycloak by a real browser, through TLS listeners of two replicas,
/// with sessions in cookies and in Redis. Needs a Chromium and a redis-server.
class OidcIT {

    private static Keycloak keycloak;
    private static HttpServer backend;
    private static Browser browser;
    private static final List<ConfigurableApplicationContext> replicas = new ArrayList<>();
    private static final List<Integer> ports = new ArrayList<>();
    private static final List<Integer> keptPorts = new ArrayList<>();
    private static RedisProcess redis;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path command = Browser.installed().orElse(null);
        Assumptions.assumeTrue(command != null, "no Chromium is installed");
        keycloak = Keycloak.started(Path.of(System.getProperty("keycloak.home")));
        backend = Loopback.server();
        backend.createContext(
                "/",
                exchange -> {
                    byte[] body =
                            "user=%s token=%s path=%s"
                                    .formatted(
                                            exchange.getRequestHeaders().getFirst("x-user"),
                                            exchange.getRequestHeaders().getFirst("authorization"),
                                            exchange.getRequestURI())
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        backend.start();
        redis = new RedisProcess(folder);
        int told = 0;
        Tls.Certificate certificate = TestCertificates.make("localhost", "EC");
        for (String name : List.of("one", "two")) {
            Path files = Files.createDirectories(folder.resolve(name));
            int port = Loopback.freePort();
            int kept = Loopback.freePort();
            ports.add(port);
            keptPorts.add(kept);
            told = Loopback.freePort();
            Files.writeString(
                    files.resolve("resources.yaml"),
                    Files.readString(Path.of("src/test/resources/integration/oidc.yaml"))
                            .replace("ISSUER", keycloak.issuer())
                            .replace("KEPT", Integer.toString(kept))
                            .replace("TOLD", Integer.toString(told))
                            .replace("PORT", Integer.toString(port))
                            .replace("BACKEND", Integer.toString(backend.getAddress().getPort()))
                            .replace("CERTIFICATE", certificate.chain().indent(4).stripTrailing())
                            .replace("PRIVATE_KEY", certificate.key().indent(4).stripTrailing()));
            replicas.add(
                    new SpringApplicationBuilder(SluiceApplication.class)
                            .run(
                                    "--sluice.source.file.path=" + files,
                                    "--spring.data.redis.host=127.0.0.1",
                                    "--spring.data.redis.port=" + redis.port(),
                                    "--management.server.port=" + Loopback.freePort()));
        }
        keycloak.tellLogouts("web", "http://127.0.0.1:" + told + "/provider/logout");
        browser = new Browser(command, Files.createDirectories(folder.resolve("profile")));
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        replicas.forEach(ConfigurableApplicationContext::close);
        if (backend != null) {
            backend.stop(0);
        }
        if (keycloak != null) {
            keycloak.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private static String at(int replica, String path) {
        return "https://localhost:" + ports.get(replica) + path;
    }

    private static String kept(int replica, String path) {
        return "https://localhost:" + keptPorts.get(replica) + path;
    }

    /// Opens a page and logs in on the way.
    ///
    /// @return its text
    private static String login(String page) throws Exception {
        browser.open(page);
        browser.page(address -> address.startsWith(keycloak.issuer()), text -> true);
        browser.script("document.getElementById('username').value = 'alice'");
        browser.script("document.getElementById('password').value = 'alice-password'");
        browser.script("document.getElementById('kc-login').click()");
        return browser.page(page::equals, text -> text.contains("user=alice"));
    }

    private static String shown(String page) throws Exception {
        browser.open(page);
        return browser.page(page::equals, text -> text.contains("user=alice"));
    }

    /// Opens a page and is asked who one is.
    private static void askedAt(String page) throws Exception {
        browser.open(page);
        browser.page(
                address -> address.startsWith(keycloak.issuer() + "/protocol/openid-connect/auth"),
                text -> true);
        assertThat(browser.script("!!document.getElementById('username')")).isEqualTo("true");
    }

    private static String expiry(String page) {
        String payload = page.replaceAll("(?s).*token=Bearer [^.]*\\.([^.]*)\\..*", "$1");
        return new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8)
                .replaceAll(".*\"exp\":(\\d+).*", "$1");
    }

    @Test
    void login_isOneForAllReplicas_andEndsWithTheLogout() throws Exception {
        String shown = login(at(0, "/orders?page=2"));
        assertThat(shown).contains("token=Bearer ey").contains("path=/orders?page=2");

        shown = shown(at(1, "/cart"));
        assertThat(browser.script("document.cookie")).isEmpty(); // no script reads the session

        awaitRenewal(shown, at(0, "/again"));

        assertThat(
                        browser.script(
                                "(() => { let r = new XMLHttpRequest(); r.open('GET', '/x', false);"
                                        + " r.send(); return r.status; })()"))
                .isEqualTo("200");

        askedAt(at(1, "/logout"));
    }

    /// The access token is good for 40 seconds, and renewed 30 before its end.
    private static void awaitRenewal(String shown, String page) throws Exception {
        String before = expiry(shown);
        Instant end = Instant.now().plusSeconds(30);
        String now = shown;
        while (expiry(now).equals(before)) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            now = shown(page);
        }
    }

    @Test
    void sessionInRedis_isOneForAllReplicas_andEndsWithTheLogout() throws Exception {
        String shown = login(kept(0, "/orders?page=2"));
        assertThat(shown).contains("token=Bearer ey").contains("path=/orders?page=2");
        assertThat(shown(kept(1, "/cart"))).contains("token=Bearer ey");
        awaitRenewal(shown, kept(1, "/again"));
        assertThat(keptSessions()).hasSize(1);
        askedAt(kept(1, "/logout"));
        assertThat(keptSessions()).isEmpty();
    }

    @Test
    void sessionInRedis_endsWhenKeycloakEndsItsOwn() throws Exception {
        login(kept(0, "/orders"));
        assertThat(shown(kept(1, "/cart"))).contains("user=alice");
        assertThat(keycloak.logout("alice")).isEqualTo(1);
        askedAt(kept(0, "/orders"));
        assertThat(keptSessions()).isEmpty();
    }

    private static List<String> keptSessions() throws Exception {
        String port = Integer.toString(redis.port());
        return RedisProcess.cli("-p", port, "--scan", "--pattern", "*:default/kept-login:*")
                .lines()
                .filter(key -> !key.isBlank())
                .toList();
    }
}
