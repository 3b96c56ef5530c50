package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.policy.auth.JwtProvider;
import dev.sluice.policy.auth.Oidc;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Section `oidc` over sockets, with a provider that signs for real. The browser is this test, which holds
/// the cookies.
class OidcTest {

    private static final String KEY = "k".repeat(40);

    private TestIssuer issuer;
    private RSAKey key;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final AtomicInteger tokens = new AtomicInteger();

    /// What the token endpoint was sent last.
    private volatile Map<String, List<String>> form = Map.of();

    /// What the next ID token says.
    private volatile String nonce = "";

    private volatile String subject = "alice";
    private volatile String audience = "gateway";
    private volatile int expiresIn = 300;
    private volatile @Nullable String filler;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer();
        key = issuer.rsa("k");
        issuer.tokens(this::token);
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private String token(String body) {
        form = new QueryStringDecoder("?" + body).parameters();
        int number = tokens.incrementAndGet();
        try {
            var claims =
                    issuer.claims()
                            .subject(subject)
                            .audience(audience)
                            .issueTime(Date.from(Instant.now()));
            if (!nonce.isEmpty()) {
                claims.claim("nonce", nonce);
            }
            if (filler != null) {
                claims.claim("filler", filler);
            }
            return """
            {"access_token": "access-%1$d", "token_type": "Bearer", "expires_in": %2$d,
             "refresh_token": "refresh-%1$d", "id_token": "%3$s"}
            """
                    .formatted(
                            number,
                            expiresIn,
                            issuer.token(JWSAlgorithm.RS256, key, claims.build()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private AttachedPolicy oidc() {
        return oidc(List.of(KEY));
    }

    private AttachedPolicy oidc(List<String> keys) {
        return AuthFixture.section(
                "oidc",
                new Oidc(
                        issuer.uri(),
                        new Oidc.Client("gateway", "s3cret"),
                        List.of("openid", "profile"),
                        new Oidc.Paths("/oauth2/callback", "/logout", "/bye"),
                        new Oidc.Session(keys, "session", Duration.ofHours(1)),
                        List.of(new JwtProvider.ClaimHeader("sub", "x-user")),
                        true));
    }

    /// A page asked for by the browser, which takes the cookies of the answer.
    private HttpResponse<String> page(AuthFixture gateway, String path, String... fields)
            throws Exception {
        String[] all = new String[fields.length + 4];
        all[0] = "accept";
        all[1] = "text/html";
        all[2] = "cookie";
        all[3] =
                cookies.entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining("; "))
                        + "; own=1";
        System.arraycopy(fields, 0, all, 4, fields.length);
        HttpResponse<String> response = gateway.get(path, all);
        for (String cookie : response.headers().allValues("set-cookie")) {
            assertThat(cookie).contains("; HttpOnly").contains("; SameSite=Lax").contains("Path=/");
            String name = cookie.substring(0, cookie.indexOf('='));
            String value = cookie.substring(name.length() + 1, cookie.indexOf(';'));
            assertThat(cookie.length()).isLessThan(4096);
            if (cookie.contains("Max-Age=0")) {
                cookies.remove(name);
            } else {
                cookies.put(name, value);
            }
        }
        return response;
    }

    private static String location(HttpResponse<?> response) {
        assertThat(response.statusCode()).as(String.valueOf(response.body())).isEqualTo(302);
        return response.headers().firstValue("location").orElseThrow();
    }

    /// Goes to the provider and comes back.
    private String callback(AuthFixture gateway, String path) throws Exception {
        Map<String, List<String>> query =
                new QueryStringDecoder(location(page(gateway, path))).parameters();
        nonce = one(query, "nonce");
        return "/oauth2/callback?code=c0de&state=" + one(query, "state");
    }

    private static String one(Map<String, List<String>> query, String name) {
        return Objects.requireNonNull(query.get(name)).getFirst();
    }

    private void login(AuthFixture gateway, String path) throws Exception {
        String back = location(page(gateway, callback(gateway, path)));
        assertThat(back).isEqualTo("http://127.0.0.1:" + gateway.gateway().port() + path);
    }

    @Test
    void page_isShownAfterALogin() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            String there = location(page(gateway, "/a//b?x=1&y=%20"));
            Map<String, List<String>> query = new QueryStringDecoder(there).parameters();
            assertThat(there).startsWith(issuer.uri() + "/authorize?");
            assertThat(query.get("scope")).containsExactly("openid profile");
            assertThat(query.get("client_id")).containsExactly("gateway");
            assertThat(query.get("response_type")).containsExactly("code");
            assertThat(query.get("code_challenge_method")).containsExactly("S256");
            nonce = one(query, "nonce");
            String back =
                    location(
                            page(
                                    gateway,
                                    "/oauth2/callback?code=c0de&state=" + one(query, "state")));
            assertThat(URI.create(back).getRawPath() + "?" + URI.create(back).getRawQuery())
                    .isEqualTo("/a//b?x=1&y=%20");
            assertThat(form.get("grant_type")).containsExactly("authorization_code");
            assertThat(form.get("redirect_uri")).isEqualTo(query.get("redirect_uri"));
            assertThat(challenge(one(form, "code_verifier")))
                    .isEqualTo(one(query, "code_challenge"));

            HttpResponse<String> shown = page(gateway, "/a", "x-user", "mallory");
            assertThat(shown.statusCode()).isEqualTo(200);
            assertThat(shown.body())
                    .containsIgnoringCase("x-user: alice\r\n")
                    .containsIgnoringCase("authorization: Bearer access-1\r\n")
                    .containsIgnoringCase("cookie: own=1\r\n")
                    .doesNotContain("mallory");
            assertThat(cookies).hasSize(1);
        }
    }

    private static String challenge(String verifier) throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256")
                        .digest(verifier.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    @Test
    void scripts_areRefusedAndNotRedirected() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            assertThat(gateway.get("/", "accept", "application/json").statusCode()).isEqualTo(401);
            assertThat(
                            gateway.get("/", "accept", "text/html", "sec-fetch-mode", "cors")
                                    .statusCode())
                    .isEqualTo(401);
            assertThat(
                            gateway.get(
                                            "/",
                                            "accept",
                                            "text/html",
                                            "x-requested-with",
                                            "XMLHttpRequest")
                                    .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void stateOfAnotherBrowser_isRefused() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            String callback = callback(gateway, "/");
            cookies.clear(); // the victim's browser follows the attacker's link
            assertThat(page(gateway, callback).statusCode()).isEqualTo(400);
            assertThat(tokens.get()).isZero();
        }
    }

    @Test
    void state_isGoodOnce() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            String callback = callback(gateway, "/");
            Map<String, String> before = Map.copyOf(cookies);
            location(page(gateway, callback));
            assertThat(page(gateway, callback).statusCode()).isEqualTo(400);
            cookies.clear();
            cookies.putAll(before);
            HttpResponse<String> replayed = page(gateway, callback);
            assertThat(replayed.statusCode()).isEqualTo(400);
            assertThat(replayed.body()).contains("used before");
            assertThat(tokens.get()).isEqualTo(1);
        }
    }

    @Test
    void tokenOfAnotherLogin_isRefused() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            String callback = callback(gateway, "/");
            nonce = "of-another-login";
            assertThat(page(gateway, callback).statusCode()).isEqualTo(403);
            callback = callback(gateway, "/");
            audience = "another-client";
            assertThat(page(gateway, callback).statusCode()).isEqualTo(403);
            assertThat(location(page(gateway, "/"))).startsWith(issuer.uri());
        }
    }

    @Test
    void login_leadsNowhereElse() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            String own = "http://127.0.0.1:" + gateway.gateway().port() + "/";
            for (String path :
                    List.of("//evil.example/", "/%2F%2Fevil.example", "/?to=//evil.example")) {
                String back = location(page(gateway, callback(gateway, path)));
                assertThat(back).isEqualTo(own.substring(0, own.length() - 1) + path);
                cookies.clear();
            }
        }
    }

    @Test
    void refusedLogin_isToldWithoutTheProvidersText() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            String state = callback(gateway, "/").replaceAll(".*state=", "");
            HttpResponse<String> refused =
                    page(
                            gateway,
                            "/oauth2/callback?error=access_denied&error_description=%3Cb%3E&state="
                                    + state);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body())
                    .isEqualTo("the identity provider refused the login: access_denied\n");
        }
    }

    @Test
    void cookies_areGoodAtTheirHostOnly() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            login(gateway, "/");
            assertThat(page(gateway, "/").statusCode()).isEqualTo(200);
            String cookie = "session=" + Objects.requireNonNull(cookies.get("session"));
            try (RawClient client = new RawClient(gateway.gateway().port())) {
                client.send(
                        "GET / HTTP/1.1\r\nHost: other.example\r\nCookie: " + cookie + "\r\n\r\n");
                assertThat(client.read().head()).startsWith("HTTP/1.1 401");
            }
            cookies.replaceAll((_, value) -> value.substring(0, value.length() - 4) + "AAAA");
            location(page(gateway, "/"));
        }
    }

    @Test
    void sessions_areSharedByReplicas_andOutliveARotationOfKeys() throws Exception {
        try (AuthFixture one = new AuthFixture(oidc());
                AuthFixture other = new AuthFixture(oidc(List.of("n".repeat(40), KEY)));
                AuthFixture stranger = new AuthFixture(oidc(List.of("s".repeat(40))))) {
            login(one, "/");
            assertThat(page(other, "/").statusCode()).isEqualTo(200);
            location(page(stranger, "/"));
        }
    }

    @Test
    void tokens_areRenewedOnce() throws Exception {
        expiresIn = 10; // less than the time before their end at which they are renewed
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            login(gateway, "/");
            expiresIn = 300;
            Map<String, String> before = Map.copyOf(cookies);
            assertThat(page(gateway, "/").body()).contains("Bearer access-2");
            assertThat(form.get("grant_type")).containsExactly("refresh_token");
            assertThat(form.get("refresh_token")).containsExactly("refresh-1");
            assertThat(page(gateway, "/").body()).contains("Bearer access-2");
            cookies.putAll(before); // a request that was on its way with the old cookie
            assertThat(page(gateway, "/").body()).contains("Bearer access-2");
            assertThat(tokens.get()).isEqualTo(2);
        }
    }

    @Test
    void renewal_forSomebodyElseEndsTheSession() throws Exception {
        expiresIn = 10;
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            login(gateway, "/");
            subject = "mallory";
            assertThat(location(page(gateway, "/"))).startsWith(issuer.uri());
        }
    }

    @Test
    void providerThatIsAway_closesTheRule() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            issuer.status(503);
            assertThat(page(gateway, "/").statusCode()).isEqualTo(503);
            issuer.status(200);
            expiresIn = 10;
            Instant end = Instant.now().plusSeconds(30);
            while (page(gateway, callback(gateway, "/")).statusCode() == 503) {
                assertThat(Instant.now())
                        .isBefore(end); // its keys are asked for again now and then
            }
            issuer.status(503);
            assertThat(page(gateway, "/").statusCode()).isEqualTo(503);
            issuer.status(200);
            assertThat(page(gateway, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void longSessions_takeSeveralCookies() throws Exception {
        Random random = new Random(1);
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            filler = random(random, 5_000);
            login(gateway, "/");
            assertThat(cookies).hasSizeGreaterThan(1);
            assertThat(page(gateway, "/").statusCode()).isEqualTo(200);
            filler = random(random, 30_000);
            HttpResponse<String> refused = page(gateway, callbackAfterLogout(gateway));
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body()).isEqualTo("the session is too long for cookies\n");
        }
    }

    private String callbackAfterLogout(AuthFixture gateway) throws Exception {
        location(page(gateway, "/logout"));
        assertThat(cookies).isEmpty();
        return callback(gateway, "/");
    }

    private static String random(Random random, int length) {
        byte[] bytes = new byte[length * 3 / 4];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    @Test
    void logout_endsTheSessionHereAndThere() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            login(gateway, "/");
            assertThat(page(gateway, "/logout", "sec-fetch-site", "cross-site").statusCode())
                    .isEqualTo(403);
            String end = location(page(gateway, "/logout"));
            assertThat(end).startsWith(issuer.uri() + "/end?");
            Map<String, List<String>> query = new QueryStringDecoder(end).parameters();
            assertThat(query.get("post_logout_redirect_uri"))
                    .containsExactly("http://127.0.0.1:" + gateway.gateway().port() + "/bye");
            assertThat(one(query, "id_token_hint")).contains(".");
            assertThat(cookies).isEmpty();
        }
    }

    @Test
    void logins_thatAreNotEndedDoNotPileUp() throws Exception {
        try (AuthFixture gateway = new AuthFixture(oidc())) {
            for (int i = 0; i < 12; i++) {
                location(page(gateway, "/" + i));
            }
            assertThat(cookies.size()).isLessThanOrEqualTo(5);
        }
    }
}
