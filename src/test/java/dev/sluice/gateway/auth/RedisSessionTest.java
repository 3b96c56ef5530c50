package dev.sluice.gateway.auth;

import static dev.sluice.gateway.auth.LoginBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.policy.auth.oidc.Oidc;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Section `oidc` with sessions in Redis.
class RedisSessionTest {

    /// More than a loaded machine needs, where a test is not about time.
    private static final Duration PATIENT = Duration.ofSeconds(1);

    private LoginBrowser browser;
    private SessionReplicas replicas;

    @BeforeEach
    void start() throws Exception {
        browser = new LoginBrowser();
        replicas = new SessionReplicas();
    }

    @AfterEach
    void stop() throws Exception {
        replicas.close();
        browser.close();
    }

    private AttachedPolicy oidc() {
        return oidc(Duration.ofMinutes(10), PATIENT);
    }

    private AttachedPolicy oidc(Duration idle, Duration timeout) {
        return browser.oidc(List.of(LoginBrowser.KEY), new Oidc.Store.Redis(idle, timeout));
    }

    private static List<String> sessions(RedisCommands<String, String> redis) {
        return redis.keys("sluice:session:test/auth:*");
    }

    @Test
    void browser_hasAnId_andRedisNothingThatCanBeRead() throws Exception {
        AuthFixture gateway = replicas.replica(oidc());
        browser.login(gateway, "/");
        assertThat(browser.cookies).containsOnlyKeys("session");
        String id = Objects.requireNonNull(browser.cookies.get("session"));
        assertThat(id).matches("[A-Za-z0-9_-]{43}");

        HttpResponse<String> shown = browser.page(gateway, "/a", "x-user", "mallory");
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body())
                .containsIgnoringCase("x-user: alice\r\n")
                .containsIgnoringCase("authorization: Bearer access-1\r\n")
                .containsIgnoringCase("cookie: own=1\r\n")
                .doesNotContain("mallory");

        RedisCommands<String, String> redis = replicas.redis();
        assertThat(sessions(redis)).hasSize(1).noneMatch(key -> key.contains(id));
        String key = sessions(redis).getFirst();
        assertThat(redis.get(key)).matches("\\d+\\.[A-Za-z0-9_-]+").doesNotContain(id);
        assertThat(redis.pttl(key)).isBetween(1L, Duration.ofMinutes(10).toMillis());
    }

    @Test
    void sessions_areSharedByReplicas_andOutliveARotationOfKeys() throws Exception {
        AuthFixture one = replicas.replica(oidc());
        Oidc.Store store = new Oidc.Store.Redis(Duration.ofMinutes(10), PATIENT);
        AuthFixture other =
                replicas.replica(browser.oidc(List.of("n".repeat(40), LoginBrowser.KEY), store));
        AuthFixture stranger = replicas.replica(browser.oidc(List.of("s".repeat(40)), store));
        browser.login(one, "/");
        assertThat(browser.page(other, "/").statusCode()).isEqualTo(200);
        location(browser.page(stranger, "/"));
        assertThat(browser.page(one, "/").statusCode()).isEqualTo(200);
    }

    @Test
    void session_endsWhenNobodyUsesIt_andNoLaterThanItMay() throws Exception {
        AuthFixture gateway = replicas.replica(oidc(Duration.ofSeconds(3), PATIENT));
        RedisCommands<String, String> redis = replicas.redis();
        browser.login(gateway, "/");
        Instant used = Instant.now().plusSeconds(5);
        while (Instant.now().isBefore(used)) {
            assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(200);
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> sessions(redis).isEmpty());
        location(browser.page(gateway, "/"));
        assertThat(
                        gateway.get("/", "cookie", "session=" + browser.cookies.get("session"))
                                .statusCode())
                .isEqualTo(401);

        browser.absolute = Duration.ofMinutes(5);
        AuthFixture bounded = replicas.replica(oidc(Duration.ofHours(9), PATIENT));
        browser.login(bounded, "/");
        assertThat(browser.page(bounded, "/").statusCode()).isEqualTo(200);
        assertThat(redis.pttl(sessions(redis).getFirst()))
                .isBetween(1L, Duration.ofMinutes(5).toMillis());
    }

    @Test
    void logout_deletesTheSession() throws Exception {
        AuthFixture gateway = replicas.replica(oidc());
        browser.login(gateway, "/");
        Map<String, String> before = Map.copyOf(browser.cookies);
        String end = location(browser.page(gateway, "/logout"));
        assertThat(end).startsWith(browser.issuer.uri() + "/end?").contains("id_token_hint=ey");
        assertThat(browser.cookies).isEmpty();
        assertThat(sessions(replicas.redis())).isEmpty();
        browser.cookies.putAll(before); // somebody has kept it
        assertThat(location(browser.page(gateway, "/"))).startsWith(browser.issuer.uri());
        assertThat(location(browser.page(gateway, "/logout"))).startsWith(browser.issuer.uri());
    }

    @Test
    void longTokens_areNoMatterForCookies() throws Exception {
        AuthFixture gateway = replicas.replica(oidc());
        browser.filler = random(30_000);
        browser.login(gateway, "/");
        assertThat(browser.cookies).hasSize(1);
        assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(200);
        browser.cookies.clear();
        browser.filler = random(70_000);
        HttpResponse<String> refused = browser.page(gateway, browser.callback(gateway, "/"));
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body()).isEqualTo("the session is too long\n");
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        new Random(1).ints(length, 'a', 'z' + 1).forEach(text::appendCodePoint);
        return text.toString();
    }

    @Test
    void replicasThatRenewAtOnce_loseNoSession() throws Exception {
        browser.expiresIn = 10; // less than the time before their end at which tokens are renewed
        AuthFixture one = replicas.replica(oidc());
        AuthFixture other = replicas.replica(oidc());
        browser.login(one, "/");
        browser.expiresIn = 300;
        CountDownLatch spent = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        browser.whileRenewing =
                () -> {
                    spent.countDown(); // and the answer comes when the other replica was refused
                    await(refused);
                };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> first = threads.submit(page(one));
            await(spent);
            Future<HttpResponse<String>> second = threads.submit(page(other));
            Future<HttpResponse<String>> third = threads.submit(page(other));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> browser.refusals.get() == 1);
            refused.countDown();
            for (var response : List.of(first, second, third)) {
                assertThat(response.get().statusCode()).isEqualTo(200);
                assertThat(response.get().body()).contains("Bearer access-2");
            }
        }
        assertThat(browser.page(one, "/").body()).contains("Bearer access-2");
        assertThat(browser.page(other, "/").body()).contains("Bearer access-2");
        assertThat(browser.tokens.get()).isEqualTo(2);
        assertThat(browser.refusals.get()).isEqualTo(1);
    }

    private Callable<HttpResponse<String>> page(AuthFixture gateway) {
        String cookie = "session=" + browser.cookies.get("session");
        return () -> gateway.get("/", "accept", "text/html", "cookie", cookie);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sessionThatEndsWhileItIsRenewed_staysEnded() throws Exception {
        browser.expiresIn = 10;
        AuthFixture gateway = replicas.replica(oidc());
        browser.login(gateway, "/");
        RedisCommands<String, String> redis = replicas.redis();
        browser.whileRenewing = () -> sessions(redis).forEach(redis::del);
        assertThat(location(browser.page(gateway, "/"))).startsWith(browser.issuer.uri());
        assertThat(sessions(redis)).isEmpty();
    }

    @Test
    void newerTokens_areNotReplacedByOlderOnes() throws Exception {
        browser.expiresIn = 10;
        AuthFixture gateway = replicas.replica(oidc());
        browser.login(gateway, "/");
        RedisCommands<String, String> redis = replicas.redis();
        String key = sessions(redis).getFirst();
        String newer = "9999999999999.of-another-replica";
        browser.whileRenewing = () -> redis.set(key, newer);
        assertThat(browser.page(gateway, "/").body()).contains("Bearer access-2");
        assertThat(redis.get(key)).isEqualTo(newer);
    }

    @Test
    void idOrSealThatWasCarriedElsewhere_isNoSession() throws Exception {
        AuthFixture gateway = replicas.replica(oidc());
        browser.login(gateway, "/");
        String id = browser.cookies.get("session");
        try (RawClient client = new RawClient(gateway.gateway().port())) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: other.example\r\nCookie: session=" + id + "\r\n\r\n");
            assertThat(client.read().head()).startsWith("HTTP/1.1 401");
        }
        RedisCommands<String, String> redis = replicas.redis();
        String alices = sessions(redis).getFirst();
        browser.cookies.clear();
        browser.subject = "mallory";
        browser.login(gateway, "/");
        String mallorys =
                sessions(redis).stream()
                        .filter(key -> !key.equals(alices))
                        .findFirst()
                        .orElseThrow();
        redis.set(mallorys, redis.get(alices)); // by somebody who can write to Redis
        assertThat(location(browser.page(gateway, "/"))).startsWith(browser.issuer.uri());
        browser.cookies.put("session", "../../" + "A".repeat(5000));
        location(browser.page(gateway, "/"));
    }
}
