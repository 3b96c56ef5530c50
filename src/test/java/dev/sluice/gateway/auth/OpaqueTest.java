package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.policy.auth.authentication.ClaimHeader;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.introspection.Opaque;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Section `opaque` over sockets.
class OpaqueTest {

    private static AttachedPolicy opaque(TestIssuer issuer, String... audiences) {
        return AuthFixture.section(
                "opaque",
                new Opaque(
                        issuer.uri() + "/introspect",
                        new Opaque.IntrospectionClient("gateway", "s3cret"),
                        List.of(audiences),
                        Duration.ofMinutes(1),
                        CredentialLocations.BEARER,
                        List.of(new ClaimHeader("username", "x-user")),
                        false,
                        false));
    }

    @Test
    void activeToken_isAskedAboutOnce() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway = new AuthFixture(opaque(issuer))) {
            issuer.opaque("t1", "{\"active\":true,\"sub\":\"7\",\"username\":\"alice\"}");
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> response = gateway.bearer("t1");
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                assertThat(response.body())
                        .containsIgnoringCase("x-user: alice\r\n")
                        .doesNotContainIgnoringCase("authorization");
            }
            assertThat(issuer.introspections()).isEqualTo(1);
        }
    }

    @Test
    void otherTokens_areRefusedAndAskedAboutOnce() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway = new AuthFixture(opaque(issuer))) {
            long past = Instant.now().getEpochSecond() - 1;
            issuer.opaque("old", "{\"active\":true,\"sub\":\"7\",\"exp\":" + past + "}");
            for (String token : List.of("unknown", "unknown", "old", "old")) {
                HttpResponse<String> response = gateway.bearer(token);
                assertThat(response.statusCode()).isEqualTo(401);
                assertThat(response.body()).isEqualTo("the token is not active\n");
            }
            assertThat(issuer.introspections()).isEqualTo(2);
            assertThat(gateway.get("/").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void tokenExpires_whateverTheCacheSays() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway = new AuthFixture(opaque(issuer))) {
            long soon = Instant.now().getEpochSecond() + 2;
            issuer.opaque("short", "{\"active\":true,\"sub\":\"7\",\"exp\":" + soon + "}");
            assertThat(gateway.bearer("short").statusCode()).isEqualTo(200);
            Instant end = Instant.ofEpochSecond(soon + 8);
            while (gateway.bearer("short").statusCode() == 200) {
                assertThat(Instant.now()).isBefore(end);
            }
            assertThat(Instant.now()).isAfterOrEqualTo(Instant.ofEpochSecond(soon));
        }
    }

    @Test
    void audience_isHeld() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway = new AuthFixture(opaque(issuer, "shop"))) {
            issuer.opaque("a", "{\"active\":true,\"aud\":\"shop\"}");
            issuer.opaque("b", "{\"active\":true,\"aud\":[\"bank\",\"shop\"]}");
            issuer.opaque("c", "{\"active\":true,\"aud\":[\"bank\"]}");
            assertThat(gateway.bearer("a").statusCode()).isEqualTo(200);
            assertThat(gateway.bearer("b").statusCode()).isEqualTo(200);
            assertThat(gateway.bearer("c").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void issuerThatIsAway_closesTheRule() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway = new AuthFixture(opaque(issuer))) {
            issuer.opaque("t", "{\"active\":true,\"sub\":\"7\"}");
            issuer.status(500);
            assertThat(gateway.bearer("t").statusCode()).isEqualTo(503);
            issuer.status(200);
            assertThat(gateway.bearer("t").statusCode()).isEqualTo(200);
            issuer.status(500);
            assertThat(gateway.bearer("t").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void signedTokens_goToTheOtherSection() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String signed = issuer.token(JWSAlgorithm.RS256, issuer.rsa("k"));
            try (AuthFixture gateway =
                    new AuthFixture(
                            opaque(issuer), AuthFixture.jwt(AuthFixture.provider(issuer)))) {
                issuer.opaque("t", "{\"active\":true,\"sub\":\"7\"}");
                assertThat(gateway.bearer(signed).statusCode()).isEqualTo(200);
                assertThat(issuer.introspections()).isZero();
                assertThat(gateway.bearer("t").statusCode()).isEqualTo(200);
                assertThat(gateway.bearer("a.b.c").statusCode()).isEqualTo(401);
                assertThat(issuer.introspections()).isEqualTo(1);
            }
        }
    }
}
