package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.policy.auth.Require;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.CredentialLocations.Header;
import dev.sluice.policy.auth.authorization.Authorization;
import dev.sluice.policy.auth.authorization.Authorization.AccessConditions;
import dev.sluice.policy.auth.authorization.Authorization.AccessRule;
import dev.sluice.policy.auth.credential.ApiKey;
import dev.sluice.policy.auth.jwt.Jwt;
import dev.sluice.policy.auth.jwt.KeySource;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Several kinds of credentials under one policy: field `require`, and sections that are optional.
class RequireTest {

    private static final String KEY = "a long key";
    private static TestIssuer issuer;
    private static String token;
    private static AttachedPolicy all;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer();
        RSAKey key = issuer.rsa("k");
        token = "Bearer " + issuer.token(JWSAlgorithm.RS256, key);
        all = AuthFixture.section("require", new Require(true));
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    private static AttachedPolicy jwt(Mode mode, boolean optional) {
        KeySource keys = new KeySource.Given(issuer.jwks());
        Jwt jwt = new Jwt(List.of(AuthFixture.provider(issuer.uri(), keys)), optional);
        return AuthFixture.section(mode, "jwt", jwt);
    }

    private static AttachedPolicy apiKey(Mode mode, boolean optional) throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8));
        return AuthFixture.section(
                mode,
                "apiKey",
                new ApiKey(
                        Map.of(HexFormat.of().formatHex(hash), "batch"),
                        new CredentialLocations(
                                List.of(new Header("x-api-key", "")), List.of(), List.of()),
                        "x-client",
                        true,
                        optional));
    }

    private static int status(AuthFixture gateway, String... fields) throws Exception {
        return gateway.get("/", fields).statusCode();
    }

    @Test
    void optionalSection_doesNotOpenOneThatIsNot() throws Exception {
        try (AuthFixture gateway =
                new AuthFixture(jwt(Mode.ENFORCE, false), apiKey(Mode.ENFORCE, true))) {
            assertThat(status(gateway)).isEqualTo(401);
            assertThat(status(gateway, "x-api-key", KEY)).isEqualTo(200);
            assertThat(status(gateway, "authorization", token)).isEqualTo(200);
        }
        try (AuthFixture gateway =
                new AuthFixture(jwt(Mode.ENFORCE, true), apiKey(Mode.ENFORCE, true))) {
            assertThat(status(gateway)).isEqualTo(200);
            assertThat(status(gateway, "x-api-key", "wrong one")).isEqualTo(401);
        }
    }

    @Test
    void all_needsEachKind_andTheFirstSaysWhoItIs() throws Exception {
        AccessRule alice =
                new AccessRule(
                        "alice",
                        true,
                        new AccessConditions(
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of("alice"),
                                null));
        try (AuthFixture gateway =
                new AuthFixture(
                        jwt(Mode.ENFORCE, false),
                        apiKey(Mode.ENFORCE, false),
                        AuthFixture.section(
                                "authorization", new Authorization(List.of(alice), false)),
                        all)) {
            assertThat(status(gateway)).isEqualTo(401);
            assertThat(status(gateway, "authorization", token)).isEqualTo(401);
            assertThat(status(gateway, "x-api-key", KEY)).isEqualTo(401);
            assertThat(status(gateway, "x-api-key", "wrong one", "authorization", token))
                    .isEqualTo(401);
            assertThat(status(gateway, "x-api-key", KEY, "authorization", token + "x"))
                    .isEqualTo(401);
            assertThat(gateway.backend.requests()).isEmpty();
            HttpResponse<String> both = gateway.get("/", "x-api-key", KEY, "authorization", token);
            assertThat(both.statusCode()).isEqualTo(200);
            assertThat(both.body())
                    .containsIgnoringCase("x-user: alice\r\n")
                    .containsIgnoringCase("x-client: batch\r\n");
        }
    }

    @Test
    void all_letsOptionalKindsBeMissing_butNotBad() throws Exception {
        try (AuthFixture gateway =
                new AuthFixture(jwt(Mode.ENFORCE, true), apiKey(Mode.ENFORCE, false), all)) {
            assertThat(status(gateway)).isEqualTo(401);
            assertThat(status(gateway, "authorization", token)).isEqualTo(401);
            assertThat(status(gateway, "x-api-key", KEY)).isEqualTo(200);
            assertThat(status(gateway, "x-api-key", KEY, "authorization", "Bearer x"))
                    .isEqualTo(401);
        }
        try (AuthFixture gateway =
                new AuthFixture(jwt(Mode.ENFORCE, true), apiKey(Mode.ENFORCE, true), all)) {
            assertThat(status(gateway)).isEqualTo(200);
        }
    }

    @Test
    void all_inShadow_countsWhatIsMissing_andLetsPass() throws Exception {
        try (AuthFixture gateway =
                new AuthFixture(jwt(Mode.SHADOW, false), apiKey(Mode.SHADOW, false), all)) {
            assertThat(status(gateway, "authorization", token)).isEqualTo(200);
            assertThat(gateway.refused("shadow")).isEqualTo(1);
            assertThat(status(gateway, "x-api-key", KEY, "authorization", token)).isEqualTo(200);
            assertThat(gateway.refused("shadow")).isEqualTo(1);
        }
    }
}
