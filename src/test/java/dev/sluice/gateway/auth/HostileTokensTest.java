package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.policy.auth.jwt.JwtProvider;
import dev.sluice.policy.auth.jwt.KeySource;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tokens that somebody made up, or that are meant for others.
class HostileTokensTest {

    private TestIssuer issuer;
    private TestIssuer attacker;
    private RSAKey key;
    private AuthFixture gateway;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer();
        attacker = new TestIssuer();
        key = issuer.rsa("k");
        gateway = new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)));
        assertThat(gateway.bearer(issuer.token(JWSAlgorithm.RS256, key)).statusCode())
                .isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        issuer.close();
        attacker.close();
    }

    private void assertRefused(String token, String reason) throws Exception {
        HttpResponse<String> response = gateway.bearer(token);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
        assertThat(response.body()).isEqualTo(reason + "\n");
        assertThat(AuthFixture.challenge(response))
                .isEqualTo(
                        "Bearer realm=\"sluice\", error=\"invalid_token\", error_description=\"%s\""
                                .formatted(reason));
        assertThat(gateway.backend.requests()).hasSize(1);
    }

    private static final String UNVERIFIED = "the token cannot be verified";

    @Test
    void algNone_isRefused() throws Exception {
        String unsigned = new PlainJWT(issuer.claims().build()).serialize();
        assertRefused(unsigned, UNVERIFIED);
        String payload = unsigned.split("\\.", -1)[1];
        for (String none : new String[] {"none", "None", "NONE", "nOnE"}) {
            String header = "{\"alg\":\"" + none + "\",\"kid\":\"k\"}";
            assertRefused(Base64URL.encode(header) + "." + payload + ".", UNVERIFIED);
        }
    }

    @Test
    void signatureOfAToken_isNeeded() throws Exception {
        String good = issuer.token(JWSAlgorithm.RS256, key);
        assertRefused(good.substring(0, good.lastIndexOf('.') + 1), UNVERIFIED);
        assertRefused(good.substring(0, good.lastIndexOf('.')), UNVERIFIED);
    }

    @Test
    void publicKeyAsSecretOfAnHmac_isRefused() throws Exception {
        for (byte[] secret :
                new byte[][] {
                    key.toRSAPublicKey().getEncoded(),
                    key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)
                }) {
            SignedJWT jwt =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k").build(),
                            issuer.claims().build());
            jwt.sign(new MACSigner(secret));
            assertRefused(jwt.serialize(), UNVERIFIED);
        }
    }

    @Test
    void secretInAKeySet_isNoKey() throws Exception {
        byte[] secret = new byte[32];
        String jwks =
                new JWKSet(List.of(key, new OctetSequenceKey.Builder(secret).keyID("s").build()))
                        .toString(false);
        SignedJWT jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("s").build(),
                        issuer.claims().build());
        jwt.sign(new MACSigner(secret));
        try (AuthFixture other =
                new AuthFixture(
                        AuthFixture.jwt(
                                AuthFixture.provider(issuer.uri(), new KeySource.Given(jwks))))) {
            assertThat(other.bearer(issuer.token(JWSAlgorithm.RS256, key)).statusCode())
                    .isEqualTo(200);
            assertThat(other.bearer(jwt.serialize()).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void keyOfTheAttacker_isNotTakenFromTheToken() throws Exception {
        RSAKey own = attacker.rsa("k");
        JWTClaimsSet claims = issuer.claims().build();
        JWSHeader.Builder plain = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k");
        assertRefused(attacker.sign(plain.build(), own, claims), UNVERIFIED);
        assertRefused(attacker.sign(plain.jwk(own.toPublicJWK()).build(), own, claims), UNVERIFIED);
        URI uri = URI.create(attacker.keysUri());
        assertRefused(attacker.sign(plain.jwk(null).jwkURL(uri).build(), own, claims), UNVERIFIED);
        assertRefused(
                attacker.sign(plain.jwkURL(null).x509CertURL(uri).build(), own, claims),
                UNVERIFIED);
        assertThat(attacker.fetches()).isZero();
    }

    @Test
    void kid_isNothingButAName() throws Exception {
        RSAKey own = attacker.rsa("unused");
        for (String kid :
                new String[] {
                    "../../../../dev/null",
                    "k' OR '1'='1",
                    "k\u0000",
                    attacker.keysUri(),
                    "k".repeat(4000)
                }) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();
            assertRefused(attacker.sign(header, own, issuer.claims().build()), UNVERIFIED);
        }
        assertThat(attacker.fetches()).isZero();
    }

    @Test
    void keyOfOneType_doesNotVerifyForAnother() throws Exception {
        String elliptic = issuer.token(JWSAlgorithm.ES256, attacker.ec("k", Curve.P_256));
        assertRefused(elliptic, UNVERIFIED);
    }

    @Test
    void algorithmThatIsNotPermitted_isRefused() throws Exception {
        JwtProvider usual = AuthFixture.provider(issuer);
        JwtProvider strict =
                new JwtProvider(
                        usual.name(),
                        usual.issuer(),
                        usual.audiences(),
                        List.of("ES256"),
                        usual.keys(),
                        usual.from(),
                        usual.clockSkew(),
                        usual.claimToHeaders(),
                        true);
        try (AuthFixture other = new AuthFixture(AuthFixture.jwt(strict))) {
            assertThat(other.bearer(issuer.token(JWSAlgorithm.RS256, key)).statusCode())
                    .isEqualTo(401);
        }
    }

    private String signed(JWTClaimsSet claims) throws Exception {
        return issuer.token(JWSAlgorithm.RS256, key, claims);
    }

    private static Date at(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    @Test
    void timesAudienceAndIssuer_areHeld() throws Exception {
        String expired = "the token has expired";
        assertRefused(signed(issuer.claims().expirationTime(at(-31)).build()), expired);
        assertRefused(
                signed(issuer.claims().notBeforeTime(at(60)).build()),
                "the token is not valid yet");
        String audience = "the token is for another audience";
        assertRefused(signed(issuer.claims().audience("bank").build()), audience);
        assertRefused(signed(issuer.claims().audience((String) null).build()), audience);
        assertRefused(signed(issuer.claims().issuer("https://evil").build()), "unknown issuer");
        assertRefused(signed(issuer.claims().issuer(null).build()), "unknown issuer");
    }

    @Test
    void clocks_mayDifferALittle() throws Exception {
        String late = signed(issuer.claims().expirationTime(at(-10)).build());
        assertThat(gateway.bearer(late).statusCode()).isEqualTo(200);
    }

    @Test
    void tokenOfAnotherType_isRefused() throws Exception {
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k");
        JWTClaimsSet claims = issuer.claims().build();
        assertRefused(
                issuer.sign(header.type(new JOSEObjectType("logout+jwt")).build(), key, claims),
                UNVERIFIED);
        String access = issuer.sign(header.type(new JOSEObjectType("at+jwt")).build(), key, claims);
        assertThat(gateway.bearer(access).statusCode()).isEqualTo(200);
    }

    @Test
    void criticalExtension_isRefused() throws Exception {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("k")
                        .criticalParams(Set.of("exp"))
                        .customParam("exp", 1)
                        .build();
        assertRefused(issuer.sign(header, key, issuer.claims().build()), UNVERIFIED);
    }

    @Test
    void hugeToken_isRefused() throws Exception {
        String huge = signed(issuer.claims().claim("pad", "x".repeat(15_000)).build());
        assertRefused(huge, "the token is too long");
    }

    @Test
    void nonsense_isRefused() throws Exception {
        for (String token :
                new String[] {"a", "a.b.c", "....", "e30.e30.e30", "\"", "%00", "a b"}) {
            assertThat(gateway.bearer(token).statusCode()).isEqualTo(401);
        }
        String deep =
                Base64URL.encode("{\"alg\":" + "[".repeat(5_000))
                        + "."
                        + Base64URL.encode("{}")
                        + ".AA";
        assertRefused(deep, UNVERIFIED);
        assertThat(gateway.backend.requests()).hasSize(1);
    }

    @Test
    void twoAuthorizationFields_areRefused() throws Exception {
        String good = "Authorization: Bearer " + issuer.token(JWSAlgorithm.RS256, key) + "\r\n";
        try (RawClient client = gateway.gateway().client()) {
            RawClient.Response response =
                    client.send(
                                    "GET / HTTP/1.1\r\nHost: a\r\n"
                                            + good
                                            + "Authorization: Bearer evil\r\n\r\n")
                            .read();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.field("www-authenticate"))
                    .contains("error=\"invalid_request\"", "more than one token");
        }
        assertThat(gateway.backend.requests()).hasSize(1);
    }
}
