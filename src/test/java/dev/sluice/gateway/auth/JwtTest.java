package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.policy.auth.authentication.ClaimHeader;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.jwt.Jwt;
import dev.sluice.policy.auth.jwt.JwtProvider;
import dev.sluice.policy.auth.jwt.KeySource;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Section `jwt` over sockets, with a provider that signs for real.
class JwtTest {

    private static JWK key(TestIssuer issuer, JWSAlgorithm algorithm) throws Exception {
        return switch (algorithm.getName()) {
            case "ES256" -> issuer.ec("k", Curve.P_256);
            case "ES384" -> issuer.ec("k", Curve.P_384);
            case "ES512" -> issuer.ec("k", Curve.P_521);
            case "EdDSA" -> issuer.edwards("k", Curve.Ed25519);
            default -> issuer.rsa("k");
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                "EdDSA"
            })
    void token_isVerifiedByItsAlgorithm(String name) throws Exception {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
        try (TestIssuer issuer = new TestIssuer()) {
            JWK key = key(issuer, algorithm);
            String token = issuer.token(algorithm, key);
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
                HttpResponse<String> good = gateway.bearer(token);
                assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
                assertThat(good.body()).containsIgnoringCase("x-user: alice\r\n");
                String last = token.endsWith("AAAA") ? "BBBB" : "AAAA";
                String forged = token.substring(0, token.length() - 4) + last;
                assertThat(gateway.bearer(forged).statusCode()).isEqualTo(401);
            }
        }
    }

    @Test
    void ed448_isVerified() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String token = issuer.token(JWSAlgorithm.EdDSA, issuer.edwards("k", Curve.Ed448));
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
                assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void requestWithoutToken_isChallenged() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway =
                        new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
            HttpResponse<String> response = gateway.get("/");
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(AuthFixture.challenge(response)).isEqualTo("Bearer realm=\"sluice\"");
            assertThat(gateway.get("/", "authorization", "Basic YTpi").statusCode()).isEqualTo(401);
            assertThat(gateway.backend.requests()).isEmpty();
            assertThat(gateway.refused("enforce")).isEqualTo(2);
        }
    }

    @Test
    void grpcClient_isToldUnauthenticated() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway =
                        new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
            HttpResponse<String> response = gateway.get("/", "content-type", "application/grpc");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("grpc-status")).contains("16");
        }
    }

    @Test
    void token_isVerifiedOnce() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String token = issuer.token(JWSAlgorithm.RS256, issuer.rsa("k"));
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
                assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                issuer.status(500);
                for (int i = 0; i < 5; i++) {
                    assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                }
                assertThat(issuer.fetches()).isEqualTo(1);
            }
        }
    }

    @Test
    void keys_areFoundByTheIssuersMetadata() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String token = issuer.token(JWSAlgorithm.RS256, issuer.rsa("k"));
            KeySource keys = new KeySource.Discovered(issuer.uri(), Duration.ofMinutes(5));
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer.uri(), keys)))) {
                assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void rotation_failsNoRequest() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            RSAKey first = issuer.rsa("first");
            String old = issuer.token(JWSAlgorithm.RS256, first);
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
                assertThat(gateway.bearer(old).statusCode()).isEqualTo(200);
                for (int i = 0; i < 2; i++) {
                    RSAKey next = issuer.rsa("next" + i);
                    issuer.publishOnly(next);
                    String token = issuer.token(JWSAlgorithm.RS256, next);
                    assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                }
                assertThat(issuer.fetches()).isEqualTo(3);
                // Its key is gone, and what was verified with it is forgotten.
                assertThat(gateway.bearer(old).statusCode()).isEqualTo(401);
            }
        }
    }

    @Test
    void unknownKeys_areAskedForOnceASecond() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                TestIssuer stranger = new TestIssuer()) {
            issuer.rsa("known");
            RSAKey unknown = stranger.rsa("unknown");
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
                long begin = System.nanoTime();
                for (int i = 0; i < 3; i++) {
                    String token =
                            issuer.token(
                                    JWSAlgorithm.RS256,
                                    unknown,
                                    issuer.claims().jwtID("t" + i).build());
                    assertThat(gateway.bearer(token).statusCode()).isEqualTo(401);
                }
                long seconds = (System.nanoTime() - begin) / 1_000_000_000;
                assertThat(issuer.fetches()).isLessThanOrEqualTo(2 + (int) seconds);
            }
        }
    }

    @Test
    void providerThatIsAway_closesTheRuleUntilItIsBack() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String token = issuer.token(JWSAlgorithm.RS256, issuer.rsa("k"));
            issuer.status(503);
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
                HttpResponse<String> response = gateway.bearer(token);
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.body()).isEqualTo("the keys of the issuer cannot be fetched\n");
                issuer.status(200);
                long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
                while (gateway.bearer(token).statusCode() != 200) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                }
            }
        }
    }

    @Test
    void lastGoodKeys_stayWhileTheProviderIsAway() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            RSAKey key = issuer.rsa("k");
            KeySource keys = new KeySource.Location(issuer.keysUri(), Duration.ofMillis(20));
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer.uri(), keys)))) {
                assertThat(gateway.bearer(issuer.token(JWSAlgorithm.RS256, key)).statusCode())
                        .isEqualTo(200);
                issuer.status(500);
                int before = issuer.fetches();
                for (int i = 0; i < 20 || issuer.fetches() == before; i++) {
                    String token =
                            issuer.token(
                                    JWSAlgorithm.RS256,
                                    key,
                                    issuer.claims().jwtID("t" + i).build());
                    assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void keysThatAreWrittenDown_needNoProvider() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String token = issuer.token(JWSAlgorithm.ES256, issuer.ec("k", Curve.P_256));
            KeySource keys = new KeySource.Given(issuer.jwks());
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer.uri(), keys)))) {
                assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                assertThat(issuer.fetches()).isZero();
            }
        }
    }

    @Test
    void tokenOfEachProvider_isTaken() throws Exception {
        try (TestIssuer one = new TestIssuer();
                TestIssuer other = new TestIssuer();
                TestIssuer stranger = new TestIssuer()) {
            String[] tokens = new String[3];
            TestIssuer[] all = {one, other, stranger};
            for (int i = 0; i < 3; i++) {
                tokens[i] = all[i].token(JWSAlgorithm.RS256, all[i].rsa("same"));
            }
            try (AuthFixture gateway =
                    new AuthFixture(
                            AuthFixture.jwt(
                                    AuthFixture.provider(one), AuthFixture.provider(other)))) {
                assertThat(gateway.bearer(tokens[0]).statusCode()).isEqualTo(200);
                assertThat(gateway.bearer(tokens[1]).statusCode()).isEqualTo(200);
                HttpResponse<String> refused = gateway.bearer(tokens[2]);
                assertThat(refused.statusCode()).isEqualTo(401);
                assertThat(refused.body()).isEqualTo("unknown issuer\n");
            }
        }
    }

    private static JwtProvider from(
            TestIssuer issuer, CredentialLocations places, boolean forward) {
        JwtProvider usual = AuthFixture.provider(issuer);
        return new JwtProvider(
                usual.name(),
                usual.issuer(),
                usual.audiences(),
                usual.algorithms(),
                usual.keys(),
                places,
                usual.clockSkew(),
                List.of(
                        new ClaimHeader("realm.roles", "x-roles"),
                        new ClaimHeader("none", "x-none"),
                        new ClaimHeader("name", "x-name")),
                forward);
    }

    @Test
    void token_isFoundInHeadersCookiesAndTheQuery_andNotForwardedWhereAsked() throws Exception {
        CredentialLocations places =
                new CredentialLocations(
                        List.of(new CredentialLocations.Header("x-token", "")),
                        List.of("jwt"),
                        List.of("access_token"));
        try (TestIssuer issuer = new TestIssuer()) {
            String token = issuer.token(JWSAlgorithm.RS256, issuer.rsa("k"));
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(from(issuer, places, false)))) {
                List<HttpResponse<String>> all =
                        List.of(
                                gateway.get("/a?b=c", "x-token", token),
                                gateway.get("/a?b=c", "cookie", "x=y; jwt=" + token + "; z=1"),
                                gateway.get("/a?b=c&access_token=" + token));
                for (HttpResponse<String> response : all) {
                    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                    assertThat(response.body()).startsWith("GET /a?b=c HTTP/1.1\r\n");
                    assertThat(response.body()).doesNotContain(token);
                }
                assertThat(all.get(1).body()).containsIgnoringCase("cookie: x=y; z=1\r\n");
            }
        }
    }

    @Test
    void claims_areToldInHeadersThatClientsCannotSend() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String token =
                    issuer.token(
                            JWSAlgorithm.RS256,
                            issuer.rsa("k"),
                            issuer.claims()
                                    .claim("realm", Map.of("roles", List.of("a", "b")))
                                    .claim("name", "Zo\u00eb\r\nX-Evil: 1")
                                    .build());
            try (AuthFixture gateway =
                    new AuthFixture(
                            AuthFixture.jwt(from(issuer, CredentialLocations.BEARER, true)))) {
                HttpResponse<String> response =
                        gateway.get(
                                "/",
                                "authorization",
                                "Bearer " + token,
                                "X-Roles",
                                "admin",
                                "x_roles",
                                "admin",
                                "X-None",
                                "spoofed");
                assertThat(response.body()).containsIgnoringCase("x-roles: a,b\r\n");
                assertThat(response.body())
                        .containsIgnoringCase("x-name: Zo%C3%AB%0D%0AX-Evil: 1\r\n")
                        .doesNotContain("admin", "spoofed");
            }
        }
    }

    @Test
    void optional_letsRequestsWithoutTokenPassWithoutName() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway =
                        new AuthFixture(
                                AuthFixture.section(
                                        "jwt",
                                        new Jwt(List.of(AuthFixture.provider(issuer)), true)))) {
            HttpResponse<String> response = gateway.get("/", "x-user", "root");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).doesNotContain("root");
            assertThat(gateway.bearer("nonsense").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void shadow_countsAndLetsPass() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                AuthFixture gateway =
                        new AuthFixture(
                                AuthFixture.section(
                                        Mode.SHADOW,
                                        "jwt",
                                        new Jwt(List.of(AuthFixture.provider(issuer)), false)))) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            assertThat(gateway.bearer("nonsense").statusCode()).isEqualTo(200);
            assertThat(gateway.refused("shadow")).isEqualTo(2);
        }
    }
}
