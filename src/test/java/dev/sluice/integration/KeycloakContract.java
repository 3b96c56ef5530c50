package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.app.SluiceApplication;
import dev.sluice.fixture.Loopback;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/// AuthPolicies of a running Sluice, with tokens of a running Keycloak.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KeycloakContract {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Keycloak keycloak;
    private HttpServer backend;
    private ConfigurableApplicationContext sluice;
    private int port;

    /// With realm `shop`.
    abstract Keycloak keycloak() throws Exception;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        keycloak = keycloak();
        backend = Loopback.server();
        backend.createContext(
                "/",
                exchange -> {
                    String user = String.valueOf(exchange.getRequestHeaders().getFirst("x-user"));
                    byte[] body = user.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        backend.start();
        port = Loopback.freePort();
        String resources =
                Files.readString(Path.of("src/test/resources/integration/keycloak.yaml"))
                        .replace("ISSUER", keycloak.issuer())
                        .replace("PORT", Integer.toString(port))
                        .replace("BACKEND", Integer.toString(backend.getAddress().getPort()));
        Files.writeString(folder.resolve("resources.yaml"), resources);
        sluice =
                new SpringApplicationBuilder(SluiceApplication.class)
                        .run(
                                "--sluice.source.file.path=" + folder,
                                "--management.server.port=" + Loopback.freePort());
    }

    @AfterAll
    void stop() throws Exception {
        sluice.close();
        backend.stop(0);
        keycloak.close();
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(15))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String access(JsonNode tokens) {
        return tokens.path("access_token").asString();
    }

    private String alice() throws Exception {
        return access(
                keycloak.tokens(
                        "grant_type", "password",
                        "username", "alice",
                        "password", "alice-password",
                        "scope", "phone"));
    }

    private String machine() throws Exception {
        return access(keycloak.tokens("grant_type", "client_credentials"));
    }

    private static String kid(String token) {
        String header =
                new String(
                        Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))),
                        StandardCharsets.UTF_8);
        return header.replaceAll(".*\"kid\" *: *\"([^\"]*)\".*", "$1");
    }

    @Test
    void tokensOfItsGrants_areTaken() throws Exception {
        HttpResponse<String> alice = get("/jwt", alice());
        assertThat(alice.statusCode()).as(alice.body()).isEqualTo(200);
        assertThat(alice.body()).contains("buyer");
        JsonNode first =
                keycloak.tokens(
                        "grant_type", "password",
                        "username", "alice",
                        "password", "alice-password",
                        "scope", "phone");
        String refreshed =
                access(
                        keycloak.tokens(
                                "grant_type",
                                "refresh_token",
                                "refresh_token",
                                first.path("refresh_token").asString()));
        assertThat(get("/jwt", refreshed).statusCode()).isEqualTo(200);
        assertThat(get("/jwt", first.path("refresh_token").asString()).statusCode()).isEqualTo(401);
        // A client's own token is good, but grants nothing of this.
        assertThat(get("/jwt", machine()).statusCode()).isEqualTo(403);
        assertThat(get("/opaque", machine()).statusCode()).isEqualTo(200);
    }

    @Test
    void rotationOfKeys_failsNoRequest() throws Exception {
        Set<String> kids = new HashSet<>();
        for (int turn = 0; turn < 3; turn++) {
            String before = alice();
            kids.add(kid(before));
            assertThat(get("/jwt", before).statusCode()).isEqualTo(200);
            keycloak.rotate();
            for (int i = 0; i < 20; i++) {
                String token = alice();
                kids.add(kid(token));
                HttpResponse<String> response = get("/jwt", token);
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            }
            assertThat(get("/jwt", before).statusCode()).isEqualTo(200);
        }
        assertThat(kids).hasSize(4);
    }

    @Test
    void revokedToken_isRefusedOnceTheCacheHasForgotten() throws Exception {
        String token = alice();
        HttpResponse<String> response = get("/opaque", token);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        keycloak.revoke(token);
        Instant end = Instant.now().plusSeconds(20);
        while (get("/opaque", token).statusCode() == 200) {
            assertThat(Instant.now()).isBefore(end);
        }
        assertThat(get("/opaque", token).body()).isEqualTo("the token is not active\n");
    }

    @Test
    void forgedToken_isRefused() throws Exception {
        String[] parts = alice().split("\\.", -1);
        String forged = parts[0] + "." + parts[1] + "." + parts[2].substring(4) + "AAAA";
        assertThat(get("/jwt", forged).statusCode()).isEqualTo(401);
    }
}
