package dev.sluice.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.forward.UpstreamRetryPolicy.Decision;
import dev.sluice.http.Failure;
import dev.sluice.ir.Retry;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamRetryPolicyTest {

    private static final UpstreamRetryPolicy TWICE =
            new UpstreamRetryPolicy(new Retry(Set.of(503), 2, Duration.ofMillis(10)));

    @ParameterizedTest
    @CsvSource({
        "RESET, GET, true, 1, true",
        "RESET, POST, true, 1, false",
        "RESET, GET, false, 1, false",
        "RESET, GET, true, 3, false",
        "UNPROCESSED, POST, false, 2, true",
        "UNPROCESSED, POST, false, 3, false",
        "BACKEND_TIMEOUT, GET, true, 1, false",
    })
    void requestThatWasNotProcessed_isReplayedAtOnce(
            Failure failure, String method, boolean reused, int connections, boolean replayed) {
        assertThat(UpstreamRetryPolicy.NONE.isReplayable(failure, method, reused, connections))
                .isEqualTo(replayed);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, false", "1, 2, true", "2, 2, false", "2, 9, true", "3, 9, false"})
    void refusedConnection_isTriedElsewhereThreeTimes(
            int connections, int endpoints, boolean tried) {
        assertThat(UpstreamRetryPolicy.NONE.isTriedElsewhere(connections, endpoints))
                .isEqualTo(tried);
    }

    @ParameterizedTest
    @CsvSource({
        "503, 0, RETRY",
        "503, 1, RETRY",
        "503, 2, NONE",
        "500, 0, NONE",
    })
    void listedStatus_isRetriedAsOftenAsTheRuleSays(int status, int retries, Decision decision) {
        assertThat(TWICE.afterStatus(status, retries, null)).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({
        "RESET, 1, RETRY",
        "RESET, 2, NONE",
        "CONNECT_TIMEOUT, 0, RETRY",
        "BACKEND_TIMEOUT, 0, RETRY",
        "REQUEST_TIMEOUT, 0, NONE",
        "BAD_RESPONSE, 0, NONE",
        "BAD_REQUEST, 0, NONE",
    })
    void failureThatMayHeal_isRetriedAsOftenAsTheRuleSays(
            Failure failure, int retries, Decision decision) {
        assertThat(TWICE.afterFailure(failure, retries, null)).isEqualTo(decision);
    }

    @Test
    void ruleWithoutRetries_retriesNothing() {
        UpstreamRetryPolicy none = UpstreamRetryPolicy.NONE;
        assertThat(none.afterStatus(503, 0, null)).isEqualTo(Decision.NONE);
        assertThat(none.afterFailure(Failure.RESET, 0, null)).isEqualTo(Decision.NONE);
    }

    @Test
    void backoff_doublesUpToThirtyTwoTimesAndAHalf() {
        for (int retries = 0; retries < 8; retries++) {
            long least = Duration.ofMillis(10).toNanos() << Math.min(retries, 5);
            assertThat(TWICE.backoff(retries)).isBetween(least, least + least / 2);
        }
        assertThat(new UpstreamRetryPolicy(new Retry(Set.of(), 1, Duration.ZERO)).backoff(3))
                .isZero();
    }
}
