package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.source.kubernetes.api.Backoff;
import dev.sluice.source.kubernetes.api.RequestThrottle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// How often the API server is asked.
class RequestThrottleTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final RequestThrottle rate = new RequestThrottle(clock::get);

    private long slowest(int requests) {
        long slowest = 0;
        for (int i = 0; i < requests; i++) {
            slowest = rate.take();
        }
        return slowest;
    }

    @Test
    void burst_isFree_andWhatFollowsIsSpread() {
        assertThat(slowest(200)).isZero();
        assertThat(slowest(100)).isEqualTo(TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void budget_isWholeAgain_afterAWhile() {
        slowest(300);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(6));
        assertThat(slowest(200)).isZero();
        assertThat(rate.take()).isPositive();
    }

    @Test
    void pauses_growAndAreBounded() {
        Backoff backoff = new Backoff();
        long sum = 0;
        for (int i = 0; i < 20; i++) {
            long pause = backoff.next().toMillis();
            assertThat(pause).isLessThanOrEqualTo(Backoff.LONGEST.toMillis() * 3 / 2);
            sum += pause;
        }
        assertThat(sum).isGreaterThan(15 * Backoff.LONGEST.toMillis() / 2);
        backoff.reset();
        assertThat(backoff.next().toMillis()).isLessThanOrEqualTo(375);
    }
}
