package dev.sluice.gateway.auth;

import static dev.sluice.gateway.auth.LoginBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.policy.auth.oidc.Oidc;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The provider ends sessions (OpenID Connect Back-Channel Logout 1.0), and others try to.
class BackchannelLogoutTest {

    private static final String PATH = "/backchannel";
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private LoginBrowser browser;
    private SessionReplicas replicas;
    private AuthFixture gateway;

    @BeforeEach
    void start() throws Exception {
        browser = new LoginBrowser();
        browser.backchannel = PATH;
        replicas = new SessionReplicas();
        gateway = replica();
    }

    @AfterEach
    void stop() throws Exception {
        replicas.close();
        browser.close();
    }

    private AuthFixture replica() throws Exception {
        return replicas.replica(
                browser.oidc(
                        List.of(LoginBrowser.KEY),
                        new Oidc.Store.Redis(Duration.ofMinutes(10), Duration.ofSeconds(1))));
    }

    /// Claims of a logout token that is good.
    private JWTClaimsSet.Builder claims() {
        return browser.issuer
                .claims()
                .audience("gateway")
                .issueTime(Date.from(Instant.now()))
                .jwtID(UUID.randomUUID().toString())
                .claim("events", Map.of(EVENT, Map.of()));
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return browser.signed("logout+jwt", change.apply(claims()).build());
    }

    private HttpResponse<String> post(String token) throws Exception {
        HttpResponse<String> response = gateway.form(PATH, "logout_token=" + token);
        assertThat(response.headers().allValues("cache-control")).containsExactly("no-store");
        return response;
    }

    private void assertRefused(String token, String reason) throws Exception {
        HttpResponse<String> response = post(token);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo(reason + "\n");
        assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(200);
    }

    private void assertNotGood(String token) throws Exception {
        assertRefused(token, "the token is not good");
    }

    private Map<String, String> login(AuthFixture at, String sid) throws Exception {
        browser.sid = sid;
        browser.cookies.clear();
        browser.login(at, "/");
        return Map.copyOf(browser.cookies);
    }

    private boolean isLoggedIn(Map<String, String> cookies) throws Exception {
        return isLoggedIn(gateway, cookies);
    }

    private boolean isLoggedIn(AuthFixture at, Map<String, String> cookies) throws Exception {
        browser.cookies.clear();
        browser.cookies.putAll(cookies);
        return browser.page(at, "/").statusCode() == 200;
    }

    @Test
    void sessionOfTheProvider_endsAtAllReplicas_andNoOther() throws Exception {
        AuthFixture other = replica();
        Map<String, String> phone = login(gateway, "phone");
        Map<String, String> again = login(other, "phone");
        Map<String, String> laptop = login(other, "laptop");
        HttpResponse<String> done = post(token(all -> all.claim("sid", "phone")));
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(isLoggedIn(phone)).isFalse();
        assertThat(isLoggedIn(again)).isFalse();
        assertThat(isLoggedIn(laptop)).isTrue();
        assertThat(isLoggedIn(other, phone)).isFalse();
        assertThat(isLoggedIn(other, laptop)).isTrue();
    }

    @Test
    void user_isLoggedOutEverywhere() throws Exception {
        Map<String, String> phone = login(gateway, "phone");
        Map<String, String> laptop = login(gateway, "laptop");
        browser.subject = "bob";
        Map<String, String> bobs = login(gateway, "bobs");
        assertThat(post(token(UnaryOperator.identity())).statusCode()).isEqualTo(200);
        assertThat(isLoggedIn(phone)).isFalse();
        assertThat(isLoggedIn(laptop)).isFalse();
        assertThat(isLoggedIn(bobs)).isTrue();
        assertThat(post(token(all -> all.subject("nobody"))).statusCode()).isEqualTo(200);
    }

    @Test
    void what_isIndexedEndsWithTheSessions() throws Exception {
        login(gateway, "phone");
        var redis = replicas.redis();
        List<String> sets = redis.keys("sluice:session:of:*");
        assertThat(sets).hasSize(2).noneMatch(key -> key.contains("phone"));
        assertThat(sets)
                .allSatisfy(set ->
                        assertThat(redis.pttl(set)).isBetween(1L, Duration.ofHours(1).toMillis()));
        location(browser.page(gateway, "/logout"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> redis.keys("sluice:session:of:*").isEmpty());
    }

    @Test
    void token_endsSessionsOnce() throws Exception {
        login(gateway, "phone");
        String token = token(all -> all.claim("sid", "phone"));
        assertThat(post(token).statusCode()).isEqualTo(200);
        login(gateway, "phone");
        assertRefused(token, "the token was used before");
        String used = replicas.redis().keys("sluice:session:used:*").getFirst();
        assertThat(replicas.redis().pttl(used)).isBetween(1L, Duration.ofMinutes(6).toMillis());
    }

    @Test
    void tokenOfAnotherKind_isRefused() throws Exception {
        login(gateway, "phone");
        assertNotGood(token(all -> all.claim("events", null)));
        assertNotGood(token(all -> all.claim("events", Map.of("http://other.example", Map.of()))));
        assertNotGood(token(all -> all.claim("events", Map.of(EVENT, "yes"))));
        assertNotGood(token(all -> all.claim("events", EVENT)));
        assertNotGood(token(all -> all.claim("nonce", "n")));
        assertNotGood(token(all -> all.subject(null)));
        assertNotGood(token(all -> all.jwtID(null)));
        assertNotGood(browser.signed("at+jwt", claims().build()));
    }

    @Test
    void tokenOfAnotherTime_isRefused() throws Exception {
        login(gateway, "phone");
        Date past = Date.from(Instant.now().minusSeconds(120));
        Date future = Date.from(Instant.now().plusSeconds(120));
        assertNotGood(token(all -> all.expirationTime(past)));
        assertNotGood(token(all -> all.expirationTime(null)));
        assertNotGood(token(all -> all.issueTime(future)));
        assertNotGood(token(all -> all.issueTime(null)));
    }

    @Test
    void tokenOfSomebodyElse_isRefused() throws Exception {
        login(gateway, "phone");
        assertNotGood(token(all -> all.audience("another-client")));
        assertNotGood(token(all -> all.issuer("https://other.example")));
        assertNotGood(new PlainJWT(claims().build()).serialize());
        RSAKey published = browser.key().toPublicJWK();
        SignedJWT confused =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(new JOSEObjectType("logout+jwt"))
                                .keyID(published.getKeyID())
                                .build(),
                        claims().build());
        confused.sign(new MACSigner(published.toRSAPublicKey().getEncoded()));
        assertNotGood(confused.serialize());
        String good = token(UnaryOperator.identity());
        assertNotGood(good.substring(0, good.length() - 8) + "AAAAAAAA");
        assertNotGood("x");
    }

    @Test
    void requestThatIsNoForm_isRefused() throws Exception {
        login(gateway, "phone");
        String token = token(UnaryOperator.identity());
        HttpResponse<String> got = gateway.get(PATH + "?logout_token=" + token);
        assertThat(got.statusCode()).isEqualTo(405);
        assertThat(got.headers().allValues("allow")).containsExactly("POST");
        assertThat(got.headers().allValues("cache-control")).containsExactly("no-store");
        assertThat(gateway.form(PATH, "").statusCode()).isEqualTo(400);
        assertThat(
                        gateway.form(PATH, "logout_token=" + token + "&logout_token=" + token)
                                .statusCode())
                .isEqualTo(400);
        assertThat(gateway.form(PATH, "logout_token=%zz").statusCode()).isEqualTo(400);
        assertThat(
                        gateway.post(PATH, "logout_token=" + token, "content-type", "text/plain")
                                .statusCode())
                .isEqualTo(400);
        assertRefused("x".repeat(40_000), "the form is too long");
    }

    @Test
    void redisThatIsAway_leavesTheTokenForAnotherTry() throws Exception {
        String token = token(UnaryOperator.identity());
        replicas.stopRedis();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> post(token).body().equals("sessions cannot be ended now\n"));
        replicas.startRedis();
        SessionReplicas.awaitUp(gateway);
        Map<String, String> phone = login(gateway, "phone");
        assertThat(post(token).statusCode()).isEqualTo(200);
        assertThat(isLoggedIn(phone)).isFalse();
    }

    @Test
    void redisThatWritesTooLate_leavesTheTokenForAnotherTry() throws Exception {
        Map<String, String> phone = login(gateway, "phone");
        String token = token(all -> all.claim("sid", "phone"));
        pauseWrites();
        assertThat(post(token).body()).isEqualTo("sessions cannot be ended now\n");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> post(token).statusCode() == 200);
        SessionReplicas.awaitUp(gateway);
        assertThat(isLoggedIn(phone)).isFalse();
        login(gateway, "phone");
        assertRefused(token, "the token was used before");
    }

    @Test
    void tokenThatIsMarkedTooLate_hasEndedSessions() throws Exception {
        String token = token(all -> all.subject("nobody"));
        pauseWrites();
        assertThat(post(token).statusCode()).isEqualTo(200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> post(token).body().equals("the token was used before\n"));
    }

    /// Redis answers reads, and writes when the time is over that logouts wait.
    private void pauseWrites() {
        replicas.redis()
                .dispatch(
                        CommandType.CLIENT,
                        new StatusOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8)
                                .add("PAUSE")
                                .add(Duration.ofMillis(2500).toMillis())
                                .add("WRITE"));
    }
}
