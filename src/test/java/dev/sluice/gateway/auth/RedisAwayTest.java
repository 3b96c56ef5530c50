package dev.sluice.gateway.auth;

import static dev.sluice.gateway.auth.LoginBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.SlowProxy;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.policy.auth.oidc.Oidc;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Section `oidc` with sessions in a Redis that is slow or away.
class RedisAwayTest {

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

    private AttachedPolicy oidc(Duration timeout) {
        Oidc.Store store = new Oidc.Store.Redis(Duration.ofMinutes(10), timeout);
        return browser.oidc(List.of(LoginBrowser.KEY), store);
    }

    @Test
    void slowRedis_closesTheRuleForAWhile_andIsNotWaitedFor() throws Exception {
        try (SlowProxy slow = new SlowProxy(replicas.redisPort())) {
            AuthFixture gateway = replicas.replica(slow.port(), oidc(Duration.ofMillis(200)));
            browser.login(gateway, "/");
            slow.delay(Duration.ofSeconds(5));
            for (int i = 0; i < 8; i++) {
                long start = System.nanoTime();
                assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(503);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isLessThan(Duration.ofSeconds(2));
            }
            assertThat(SessionReplicas.isUp(gateway)).isFalse();
            slow.delay(Duration.ZERO);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> browser.page(gateway, "/").statusCode() == 200);
        }
    }

    @Test
    void redisThatIsAway_sendsNobodyToTheProvider_andIsUsedAgain() throws Exception {
        AuthFixture gateway = replicas.replica(oidc(PATIENT));
        browser.login(gateway, "/");
        String callback = loginAhead(gateway);
        replicas.stopRedis();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        browser.page(gateway, "/").statusCode() == 503
                                && !SessionReplicas.isUp(gateway));
        assertThat(browser.page(gateway, "/logout").statusCode()).isEqualTo(503);
        assertThat(browser.page(gateway, callback).statusCode()).isEqualTo(503);
        assertThat(browser.cookies).containsKey("session");
        assertThat(gateway.get("/", "accept", "text/html").statusCode()).isEqualTo(503);
        assertThat(gateway.get("/", "accept", "application/json").statusCode()).isEqualTo(401);
        replicas.startRedis();
        SessionReplicas.awaitUp(gateway);
        location(browser.page(gateway, callback)); // the login goes on where it was
        assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(200);
    }

    /// A login that has been begun, beside the session that the browser has.
    private String loginAhead(AuthFixture gateway) throws Exception {
        String session = browser.cookies.remove("session");
        String callback = browser.callback(gateway, "/");
        browser.cookies.put("session", Objects.requireNonNull(session));
        return callback;
    }
}
