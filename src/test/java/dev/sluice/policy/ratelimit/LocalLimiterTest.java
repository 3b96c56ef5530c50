package dev.sluice.policy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.ClientNetwork;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalLimiterTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong(5 * SECOND);

    private LocalLimiter limiter(long requests, Duration per, long burst) {
        return new LocalLimiter(new Limit.Rate(requests, per, burst), clock::get);
    }

    @Test
    void bucket_refillsWithTime() {
        LocalLimiter limiter = limiter(10, Duration.ofSeconds(1), 2);
        assertThat(limiter.take("a", 1).remaining()).isEqualTo(1);
        assertThat(limiter.take("a", 1).passes()).isTrue();
        Decision refused = limiter.take("a", 1);
        assertThat(refused.passes()).isFalse();
        assertThat(refused.after()).isEqualTo(SECOND / 10);
        clock.addAndGet(SECOND / 10);
        assertThat(limiter.take("a", 1).passes()).isTrue();
        assertThat(limiter.take("a", 1).passes()).isFalse();
        clock.addAndGet(100 * SECOND);
        assertThat(limiter.take("a", 2).passes()).isTrue();
        assertThat(limiter.take("a", 1).passes()).isFalse();
    }

    @Test
    void rate_holdsOverTime() {
        LocalLimiter limiter = limiter(100, Duration.ofSeconds(1), 10);
        int passed = 0;
        for (int i = 0; i < 10_000; i++) {
            clock.addAndGet(SECOND / 1000);
            passed += limiter.take("a", 1).passes() ? 1 : 0;
        }
        assertThat(passed).isBetween(1000, 1010); // ten seconds, and the burst
    }

    @Test
    void manyKeys_shareOneBucketBeyondTheBound_untilOthersAreFull() {
        LocalLimiter limiter = limiter(1, Duration.ofSeconds(1), 1);
        for (int i = 0; i < LocalLimiter.MAX_KEYS; i++) {
            assertThat(limiter.take("key" + i, 1).passes()).isTrue();
        }
        assertThat(limiter.take("one more", 1).passes()).isTrue();
        assertThat(limiter.take("another", 1).passes()).isFalse();
        assertThat(limiter.keys()).isEqualTo(LocalLimiter.MAX_KEYS);
        clock.addAndGet(2 * SECOND);
        assertThat(limiter.take("another", 1).passes()).isTrue();
        assertThat(limiter.keys()).isLessThan(10);
    }

    @Test
    void debt_isPaidBeforeRequestsPass_andIsNeverMoreThanABucket() {
        LocalLimiter limiter = limiter(10, Duration.ofSeconds(1), 10);
        limiter.debit("a", 1_000_000_000);
        Decision refused = limiter.take("a", 1);
        assertThat(refused.passes()).isFalse();
        assertThat(refused.remaining()).isZero();
        assertThat(refused.after()).isEqualTo(SECOND + SECOND / 10);
        clock.addAndGet(SECOND);
        assertThat(limiter.take("a", 1).passes()).isFalse();
        clock.addAndGet(SECOND / 10);
        assertThat(limiter.take("a", 1).passes()).isTrue();
    }

    @Test
    void costBeyondTheBucket_neverPasses() {
        LocalLimiter limiter = limiter(10, Duration.ofSeconds(1), 10);
        assertThat(limiter.take("a", 11).passes()).isFalse();
        assertThat(limiter.take("a", 10).passes()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.2, 64, false",
        "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, 64, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, 64, false",
        "2001:db8:1:2::1, 2001:db8:1:3::1, 56, true",
        "2001:db8:1:2::1, 2001:db8:1:2::2, 128, false",
        "unknown, unknown, 64, true"
    })
    void addressesOfOnePrefix_areOneKey(String one, String other, int prefix, boolean same) {
        assertThat(ClientNetwork.of(one, prefix).equals(ClientNetwork.of(other, prefix)))
                .isEqualTo(same);
    }
}
