package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.policy.auth.csrf.Csrf;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Section `csrf` over sockets.
class CsrfTest {

    private static final Csrf SECTION =
            new Csrf(List.of("https://app.example.com", "https://*.apps.example.com"));

    private AuthFixture gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new AuthFixture(AuthFixture.section("csrf", SECTION));
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private int status(String method, String... lines) throws Exception {
        String fields = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
        try (RawClient client = gateway.gateway().client()) {
            return client.send(
                            method
                                    + " / HTTP/1.1\r\nHost: shop.example.com:8080\r\n"
                                    + "Content-Length: 0\r\n"
                                    + fields
                                    + "\r\n")
                    .read()
                    .status();
        }
    }

    @Test
    void otherSites_areRefused() throws Exception {
        assertThat(status("POST", "Origin: https://evil.example")).isEqualTo(403);
        assertThat(status("POST", "Origin: null")).isEqualTo(403);
        assertThat(status("DELETE", "Sec-Fetch-Site: cross-site")).isEqualTo(403);
        assertThat(status("POST", "Sec-Fetch-Site: same-site")).isEqualTo(403);
        assertThat(status("POST", "Referer: https://evil.example/shop.example.com:8080"))
                .isEqualTo(403);
        assertThat(status("POST", "Origin: http://shop.example.com:8080.evil.example"))
                .isEqualTo(403);
        assertThat(
                        status(
                                "POST",
                                "Origin: http://shop.example.com:8080",
                                "Origin: https://evil.example"))
                .isEqualTo(403);
        assertThat(status("GET", "Origin: https://evil.example", "Sec-WebSocket-Version: 13"))
                .isEqualTo(403);
        assertThat(gateway.backend.requests()).isEmpty();
    }

    @Test
    void ownOrigin_mayDoWhatItWants() throws Exception {
        assertThat(status("POST", "Origin: http://shop.example.com:8080")).isEqualTo(200);
        assertThat(status("POST", "Origin: https://SHOP.example.com:8080")).isEqualTo(200);
        assertThat(status("POST", "Referer: http://shop.example.com:8080/a?b")).isEqualTo(200);
        assertThat(status("POST", "Sec-Fetch-Site: same-origin", "Origin: https://other"))
                .isEqualTo(200);
    }

    @Test
    void additionalOrigins_areTaken() throws Exception {
        assertThat(status("POST", "Origin: https://app.example.com", "Sec-Fetch-Site: same-site"))
                .isEqualTo(200);
        assertThat(status("POST", "Origin: https://a.apps.example.com")).isEqualTo(200);
        assertThat(status("POST", "Origin: https://apps.example.com")).isEqualTo(403);
        assertThat(status("POST", "Origin: https://evilapps.example.com")).isEqualTo(403);
        assertThat(status("POST", "Origin: http://app.example.com")).isEqualTo(403);
    }

    @Test
    void safeMethodsAndOtherClients_pass() throws Exception {
        assertThat(status("GET", "Origin: https://evil.example")).isEqualTo(200);
        assertThat(status("POST")).isEqualTo(200);
    }

    @Test
    void shadow_countsAndLetsPass() throws Exception {
        gateway.close();
        gateway = new AuthFixture(AuthFixture.section(Mode.SHADOW, "csrf", SECTION));
        assertThat(status("POST", "Origin: https://evil.example")).isEqualTo(200);
        assertThat(gateway.refused("shadow")).isEqualTo(1);
    }
}
