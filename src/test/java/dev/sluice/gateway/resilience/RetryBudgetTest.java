package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.Retry;
import dev.sluice.ir.RetryConstraint;
import dev.sluice.ir.RetryConstraint.Spent;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Upstream.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Section `retryConstraint` of policies over sockets. Times are so long that nothing is forgotten.
class RetryBudgetTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Retry RETRY = new Retry(Set.of(503), 2, Duration.ZERO);

    private static RetryConstraint constraint(int percent, int count, Spent spent) {
        return new RetryConstraint(percent, LONG, count, LONG, spent);
    }

    private static TestGateway gateway(RetryConstraint section, Mode mode, Endpoint endpoint) {
        return new TestGateway().backend("one", endpoint, "retryConstraint", mode, section);
    }

    private static TestGateway retrying(RetryConstraint section, Mode mode, RawBackend backend) {
        return gateway(section, mode, backend.endpoint())
                .retrying(RETRY, Timeouts.NONE, "one")
                .publish();
    }

    /// Answers 503 and tells which of its answers it is.
    private static RawBackend failing() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        return new RawBackend((_, _, out) -> {
            out.write(
                    RawBackend.bytes(
                            "HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\n"
                                    + (10 + answers.incrementAndGet())));
            return true;
        });
    }

    private static Response get(TestGateway gateway) throws Exception {
        try (RawClient client = gateway.client()) {
            return client.get("a", "/");
        }
    }

    private static double refused(TestGateway gateway, String mode) {
        return gateway.meters()
                .get("sluice.upstream.retries.refused")
                .tags("upstream", "one", "mode", mode)
                .counter()
                .count();
    }

    @Test
    void retriesBeyondTheLeast_areRefused_andTheLastAnswerIsPassedOn() throws Exception {
        try (RawBackend backend = failing();
                TestGateway gateway =
                        retrying(constraint(0, 3, Spent.LAST_ANSWER), Mode.ENFORCE, backend)) {
            assertThat(get(gateway).body()).isEqualTo("13"); // two retries
            assertThat(get(gateway).body()).isEqualTo("15"); // one, and one refused
            Response last = get(gateway);
            assertThat(last.status()).isEqualTo(503);
            assertThat(last.body()).isEqualTo("16");
            assertThat(backend.requests()).hasSize(6);
            assertThat(refused(gateway, "enforce")).isEqualTo(2);
        }
    }

    @Test
    void retries_areNoMoreThanTheirPart() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(RawBackend.empty(status.get()));
                            return true;
                        });
                TestGateway gateway =
                        retrying(constraint(20, 1, Spent.LAST_ANSWER), Mode.ENFORCE, backend)) {
            for (int i = 0; i < 40; i++) {
                get(gateway);
            }
            status.set(503);
            for (int i = 0; i < 40; i++) {
                get(gateway);
            }
            int retries = backend.requests().size() - 80;
            assertThat(retries * 100 / backend.requests().size()).isBetween(19, 20);
            assertThat(refused(gateway, "enforce")).isPositive();
        }
    }

    @Test
    void rules_shareTheBudgetOfTheBackend() throws Exception {
        try (RawBackend backend = failing();
                TestGateway gateway =
                        gateway(
                                        constraint(0, 2, Spent.LAST_ANSWER),
                                        Mode.ENFORCE,
                                        backend.endpoint())
                                .retrying(RETRY, Timeouts.NONE, "one")
                                .publish()) {
            get(gateway);
            gateway.clearRules()
                    .retrying(new Retry(Set.of(503), 5, Duration.ZERO), Timeouts.NONE, "one")
                    .publish();
            get(gateway);
            assertThat(backend.requests()).hasSize(4);
        }
    }

    @Test
    void spentBudget_answers503_whereThePolicySaysSo() throws Exception {
        try (RawBackend backend = failing();
                TestGateway gateway =
                        retrying(constraint(0, 1, Spent.UNAVAILABLE), Mode.ENFORCE, backend)) {
            get(gateway);
            Response refused = get(gateway);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).isEqualTo("no retry is left to the backend\n");
        }
    }

    @Test
    void failureWithoutAnAnswer_isTriedAgainWhileTheBudgetLasts() throws Exception {
        for (Spent spent : Spent.values()) {
            try (RawBackend backend = new RawBackend((_, _, _) -> false);
                    TestGateway gateway =
                            retrying(constraint(0, 2, spent), Mode.ENFORCE, backend)) {
                assertThat(get(gateway).status()).isEqualTo(502);
                assertThat(backend.requests()).hasSize(3);
                assertThat(get(gateway).status()).isEqualTo(spent == Spent.UNAVAILABLE ? 503 : 502);
                assertThat(backend.requests()).hasSize(4);
            }
        }
    }

    @Test
    void shadow_countsAndRetries() throws Exception {
        try (RawBackend backend = failing();
                TestGateway gateway =
                        retrying(constraint(0, 1, Spent.UNAVAILABLE), Mode.SHADOW, backend)) {
            assertThat(get(gateway).body()).isEqualTo("13");
            assertThat(backend.requests()).hasSize(3);
            assertThat(refused(gateway, "shadow")).isEqualTo(1);
        }
    }
}
