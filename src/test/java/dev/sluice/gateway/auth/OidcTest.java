package dev.sluice.gateway.auth;

import static dev.sluice.gateway.auth.LoginBrowser.location;
import static dev.sluice.gateway.auth.LoginBrowser.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Section `oidc` over sockets.
class OidcTest {

    private LoginBrowser browser;

    @BeforeEach
    void start() throws Exception {
        browser = new LoginBrowser();
    }

    @AfterEach
    void stop() {
        browser.close();
    }

    @Test
    void page_isShownAfterALogin() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            String there = location(browser.page(gateway, "/a//b?x=1&y=%20"));
            Map<String, List<String>> query = new QueryStringDecoder(there).parameters();
            assertThat(there).startsWith(browser.issuer.uri() + "/authorize?");
            assertThat(query.get("scope")).containsExactly("openid profile");
            assertThat(query.get("client_id")).containsExactly("gateway");
            assertThat(query.get("response_type")).containsExactly("code");
            assertThat(query.get("code_challenge_method")).containsExactly("S256");
            browser.nonce = one(query, "nonce");
            String back =
                    location(
                            browser.page(
                                    gateway,
                                    "/oauth2/callback?code=c0de&state=" + one(query, "state")));
            assertThat(URI.create(back).getRawPath() + "?" + URI.create(back).getRawQuery())
                    .isEqualTo("/a//b?x=1&y=%20");
            assertThat(browser.form.get("grant_type")).containsExactly("authorization_code");
            assertThat(browser.form.get("redirect_uri")).isEqualTo(query.get("redirect_uri"));
            assertThat(challenge(one(browser.form, "code_verifier")))
                    .isEqualTo(one(query, "code_challenge"));

            HttpResponse<String> shown = browser.page(gateway, "/a", "x-user", "mallory");
            assertThat(shown.statusCode()).isEqualTo(200);
            assertThat(shown.body())
                    .containsIgnoringCase("x-user: alice\r\n")
                    .containsIgnoringCase("authorization: Bearer access-1\r\n")
                    .containsIgnoringCase("cookie: own=1\r\n")
                    .doesNotContain("mallory");
            assertThat(browser.cookies).hasSize(1);
        }
    }

    @Test
    void scripts_areRefusedAndNotRedirected() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
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
    void sessions_areSharedByReplicas_andOutliveARotationOfKeys() throws Exception {
        try (AuthFixture one = new AuthFixture(browser.oidc());
                AuthFixture other =
                        new AuthFixture(browser.oidc(List.of("n".repeat(40), LoginBrowser.KEY)));
                AuthFixture stranger = new AuthFixture(browser.oidc(List.of("s".repeat(40))))) {
            browser.login(one, "/");
            assertThat(browser.page(other, "/").statusCode()).isEqualTo(200);
            location(browser.page(stranger, "/"));
        }
    }

    @Test
    void tokens_areRenewedOnce() throws Exception {
        browser.expiresIn = 10; // less than the time before their end at which they are renewed
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            browser.login(gateway, "/");
            browser.expiresIn = 300;
            Map<String, String> before = Map.copyOf(browser.cookies);
            assertThat(browser.page(gateway, "/").body()).contains("Bearer access-2");
            assertThat(browser.form.get("grant_type")).containsExactly("refresh_token");
            assertThat(browser.form.get("refresh_token")).containsExactly("refresh-1");
            assertThat(browser.page(gateway, "/").body()).contains("Bearer access-2");
            browser.cookies.putAll(before); // a request that was on its way with the old cookie
            assertThat(browser.page(gateway, "/").body()).contains("Bearer access-2");
            assertThat(browser.tokens.get()).isEqualTo(2);
        }
    }

    @Test
    void providerThatIsAway_closesTheRule() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            browser.issuer.status(503);
            assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(503);
            browser.issuer.status(200);
            browser.expiresIn = 10;
            Instant end = Instant.now().plusSeconds(30);
            while (browser.page(gateway, browser.callback(gateway, "/")).statusCode() == 503) {
                assertThat(Instant.now())
                        .isBefore(end); // its keys are asked for again now and then
            }
            browser.issuer.status(503);
            assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(503);
            browser.issuer.status(200);
            assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void longSessions_takeSeveralCookies() throws Exception {
        Random random = new Random(1);
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            browser.filler = random(random, 5_000);
            browser.login(gateway, "/");
            assertThat(browser.cookies).hasSizeGreaterThan(1);
            assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(200);
            browser.filler = random(random, 30_000);
            HttpResponse<String> refused = browser.page(gateway, callbackAfterLogout(gateway));
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body()).isEqualTo("the session is too long for cookies\n");
        }
    }

    @Test
    void logout_endsTheSessionHereAndThere() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            browser.login(gateway, "/");
            assertThat(
                            browser.page(gateway, "/logout", "sec-fetch-site", "cross-site")
                                    .statusCode())
                    .isEqualTo(403);
            String end = location(browser.page(gateway, "/logout"));
            assertThat(end).startsWith(browser.issuer.uri() + "/end?");
            Map<String, List<String>> query = new QueryStringDecoder(end).parameters();
            assertThat(query.get("post_logout_redirect_uri"))
                    .containsExactly("http://127.0.0.1:" + gateway.gateway().port() + "/bye");
            assertThat(one(query, "id_token_hint")).contains(".");
            assertThat(browser.cookies).isEmpty();
        }
    }

    private static String challenge(String verifier) throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256")
                        .digest(verifier.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    private String callbackAfterLogout(AuthFixture gateway) throws Exception {
        location(browser.page(gateway, "/logout"));
        assertThat(browser.cookies).isEmpty();
        return browser.callback(gateway, "/");
    }

    private static String random(Random random, int length) {
        byte[] bytes = new byte[length * 3 / 4];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
