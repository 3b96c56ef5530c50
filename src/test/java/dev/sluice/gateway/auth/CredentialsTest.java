package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.sluice.fixture.TestCertificates;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.ClientValidation;
import dev.sluice.ir.Tls;
import dev.sluice.net.Certificates;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.CredentialLocations.Header;
import dev.sluice.policy.auth.credential.ApiKey;
import dev.sluice.policy.auth.credential.Basic;
import dev.sluice.policy.auth.credential.ClientCert;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/// Sections `apiKey`, `basic` and `clientCert` over sockets.
class CredentialsTest {

    private static final Tls.Certificate SERVER = TestCertificates.make("server", "RSA");

    private static AttachedPolicy keys(String key, String client, boolean forward)
            throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        return AuthFixture.section(
                "apiKey",
                new ApiKey(
                        Map.of(HexFormat.of().formatHex(hash), client),
                        new CredentialLocations(
                                List.of(new Header("x-api-key", "")), List.of(), List.of("key")),
                        "x-client",
                        forward,
                        false));
    }

    @Test
    void apiKey_tellsTheClient() throws Exception {
        try (AuthFixture gateway = new AuthFixture(keys("a key + more", "batch", false))) {
            HttpResponse<String> good =
                    gateway.get("/a", "x-api-key", "a key + more", "x-client", "root");
            assertThat(good.statusCode()).isEqualTo(200);
            assertThat(good.body())
                    .containsIgnoringCase("x-client: batch\r\n")
                    .doesNotContain("root", "a key");
            HttpResponse<String> query = gateway.get("/a?key=a%20key+%2B+more&b=c");
            assertThat(query.body()).startsWith("GET /a?b=c HTTP/1.1\r\n");
            for (String wrong : List.of("a key + mor", "a key + more!", "x".repeat(5000))) {
                HttpResponse<String> refused = gateway.get("/a", "x-api-key", wrong);
                assertThat(refused.statusCode()).isEqualTo(401);
                assertThat(refused.body()).isEqualTo("unknown API key\n");
            }
            assertThat(gateway.get("/a").statusCode()).isEqualTo(401);
            assertThat(gateway.get("/a?key=x&key=y").statusCode()).isEqualTo(400);
            assertThat(gateway.backend.requests()).hasSize(2);
        }
    }

    private static String basic(String name, String password) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static AttachedPolicy users() {
        String bcrypt = new BCryptPasswordEncoder(4).encode("p\u00e4ss:word");
        return AuthFixture.section(
                "basic",
                new Basic(
                        Map.of("alice", bcrypt, "bob", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="),
                        "x-user",
                        false,
                        false));
    }

    @Test
    void passwords_areCompared() throws Exception {
        try (AuthFixture gateway = new AuthFixture(users())) {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> alice =
                        gateway.get("/", "authorization", basic("alice", "p\u00e4ss:word"));
                assertThat(alice.statusCode()).isEqualTo(200);
                assertThat(alice.body())
                        .containsIgnoringCase("x-user: alice\r\n")
                        .doesNotContainIgnoringCase("authorization");
            }
            assertThat(gateway.get("/", "authorization", basic("bob", "password")).statusCode())
                    .isEqualTo(200);
            for (String wrong :
                    List.of(
                            basic("alice", "password"),
                            basic("bob", ""),
                            basic("carol", "password"),
                            basic("", ""),
                            basic("alice", "x".repeat(2000)),
                            "Basic !",
                            "Basic YWxpY2U=")) {
                HttpResponse<String> refused = gateway.get("/", "authorization", wrong);
                assertThat(refused.statusCode()).isEqualTo(401);
                assertThat(refused.body()).isEqualTo("wrong name or password\n");
                assertThat(AuthFixture.challenge(refused)).isEqualTo("Basic realm=\"sluice\"");
            }
        }
    }

    /// Of a client at an address of its own.
    private static CompletableFuture<Integer> from(
            HttpClient client, AuthFixture gateway, String name, String password) {
        URI uri = URI.create("http://127.0.0.1:" + gateway.gateway().port() + "/");
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("authorization", basic(name, password)).build();
        return client.sendAsync(request, BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    @Test
    void wrongPasswordsOfOneClient_delayNeitherOthersNorQuickHashes() throws Exception {
        AttachedPolicy section =
                AuthFixture.section(
                        "basic",
                        new Basic(
                                Map.of(
                                        "alice",
                                        new BCryptPasswordEncoder(11).encode("password"),
                                        "bob",
                                        "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="),
                                null,
                                false,
                                false));
        InetAddress elsewhere = InetAddress.getByName("127.0.0.2");
        try (AuthFixture gateway = new AuthFixture(section);
                HttpClient attacker = HttpClient.newHttpClient();
                HttpClient other = HttpClient.newBuilder().localAddress(elsewhere).build()) {
            List<CompletableFuture<Integer>> wrong = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                wrong.add(from(attacker, gateway, "alice", "wrong " + i));
            }
            assertThat(CompletableFuture.anyOf(wrong.toArray(CompletableFuture[]::new)).join())
                    .isEqualTo(401);
            assertThat(from(other, gateway, "alice", "password").join()).isEqualTo(200);
            assertThat(from(attacker, gateway, "bob", "password").join()).isEqualTo(200);
            assertThat(wrong).as("the attack goes on").anyMatch(each -> !each.isDone());
            attacker.shutdownNow();
        }
    }

    @Test
    void firstCredentials_decide() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String token = issuer.token(JWSAlgorithm.RS256, issuer.rsa("k"));
            try (AuthFixture gateway =
                    new AuthFixture(
                            AuthFixture.jwt(AuthFixture.provider(issuer)),
                            users(),
                            keys("a long key", "batch", true))) {
                assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                assertThat(gateway.get("/", "x-api-key", "a long key").statusCode()).isEqualTo(200);
                assertThat(gateway.get("/", "authorization", basic("bob", "password")).statusCode())
                        .isEqualTo(200);
                HttpResponse<String> bad =
                        gateway.get("/", "x-api-key", "a long key", "authorization", "Bearer bad");
                assertThat(bad.statusCode()).isEqualTo(401);
                HttpResponse<String> none = gateway.get("/");
                assertThat(AuthFixture.challenge(none))
                        .isEqualTo("Bearer realm=\"sluice\" | Basic realm=\"sluice\"");
            }
        }
    }

    private static String get(AuthFixture gateway, Tls.Certificate client) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = Certificates.keyManagers(List.of(client)).getKeyManagers();
        TrustManager[] trust = {Certificates.trust(List.of(SERVER.chain()))};
        context.init(keys, trust, null);
        try (SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", gateway.gateway().port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                    + "X-Forwarded-Client-Cert: Subject=\"CN=root\"\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static Tls tls(Tls.Certificate authority, boolean insecure) {
        return new Tls(List.of(SERVER), new ClientValidation(List.of(authority.chain()), insecure));
    }

    @Test
    void verifiedCertificate_saysWhoItIs() throws Exception {
        Tls.Certificate client = TestCertificates.make("batch", "EC");
        AttachedPolicy section = AuthFixture.section("clientCert", new ClientCert(true, false));
        try (AuthFixture gateway = new AuthFixture(tls(client, false), section)) {
            String answer = get(gateway, client);
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(answer)
                    .containsPattern(
                            "(?i)x-forwarded-client-cert:"
                                    + " Hash=[0-9a-f]{64};Subject=\"CN=batch\"\r\n")
                    .doesNotContain("CN=root");
        }
    }

    @Test
    void certificateThatNobodyVerified_saysNothing() throws Exception {
        Tls.Certificate client = TestCertificates.make("batch", "EC");
        AttachedPolicy section = AuthFixture.section("clientCert", new ClientCert(true, false));
        try (AuthFixture gateway = new AuthFixture(tls(client, true), section)) {
            assertThat(get(gateway, client)).startsWith("HTTP/1.1 401 ");
        }
    }
}
