package dev.sluice.gateway.auth;

import static dev.sluice.gateway.auth.LoginBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.wire.RawClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is tried against section `oidc`.
class HostileLoginTest {

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
    void stateOfAnotherBrowser_isRefused() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            String callback = browser.callback(gateway, "/");
            browser.cookies.clear(); // the victim's browser follows the attacker's link
            assertThat(browser.page(gateway, callback).statusCode()).isEqualTo(400);
            assertThat(browser.tokens.get()).isZero();
        }
    }

    @Test
    void state_isGoodOnce() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            String callback = browser.callback(gateway, "/");
            Map<String, String> before = Map.copyOf(browser.cookies);
            location(browser.page(gateway, callback));
            assertThat(browser.page(gateway, callback).statusCode()).isEqualTo(400);
            browser.cookies.clear();
            browser.cookies.putAll(before);
            HttpResponse<String> replayed = browser.page(gateway, callback);
            assertThat(replayed.statusCode()).isEqualTo(400);
            assertThat(replayed.body()).contains("used before");
            assertThat(browser.tokens.get()).isEqualTo(1);
        }
    }

    @Test
    void tokenOfAnotherLogin_isRefused() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            String callback = browser.callback(gateway, "/");
            browser.nonce = "of-another-login";
            assertThat(browser.page(gateway, callback).statusCode()).isEqualTo(403);
            callback = browser.callback(gateway, "/");
            browser.audience = "another-client";
            assertThat(browser.page(gateway, callback).statusCode()).isEqualTo(403);
            assertThat(location(browser.page(gateway, "/"))).startsWith(browser.issuer.uri());
        }
    }

    @Test
    void login_leadsNowhereElse() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            String own = "http://127.0.0.1:" + gateway.gateway().port() + "/";
            for (String path :
                    List.of("//evil.example/", "/%2F%2Fevil.example", "/?to=//evil.example")) {
                String back = location(browser.page(gateway, browser.callback(gateway, path)));
                assertThat(back).isEqualTo(own.substring(0, own.length() - 1) + path);
                browser.cookies.clear();
            }
        }
    }

    @Test
    void refusedLogin_isToldWithoutTheProvidersText() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            String state = browser.callback(gateway, "/").replaceAll(".*state=", "");
            HttpResponse<String> refused =
                    browser.page(
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
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            browser.login(gateway, "/");
            assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(200);
            String cookie = "session=" + Objects.requireNonNull(browser.cookies.get("session"));
            try (RawClient client = new RawClient(gateway.gateway().port())) {
                client.send(
                        "GET / HTTP/1.1\r\nHost: other.example\r\nCookie: " + cookie + "\r\n\r\n");
                assertThat(client.read().head()).startsWith("HTTP/1.1 401");
            }
            browser.cookies.replaceAll(
                    (_, value) -> value.substring(0, value.length() - 4) + "AAAA");
            location(browser.page(gateway, "/"));
        }
    }

    @Test
    void renewal_forSomebodyElseEndsTheSession() throws Exception {
        browser.expiresIn = 10;
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            browser.login(gateway, "/");
            browser.subject = "mallory";
            assertThat(location(browser.page(gateway, "/"))).startsWith(browser.issuer.uri());
        }
    }

    @Test
    void logins_thatAreNotEndedDoNotPileUp() throws Exception {
        try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
            for (int i = 0; i < 12; i++) {
                location(browser.page(gateway, "/" + i));
            }
            assertThat(browser.cookies.size()).isLessThanOrEqualTo(5);
        }
    }
}
