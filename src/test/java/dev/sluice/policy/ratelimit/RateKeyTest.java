package dev.sluice.policy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateKeyTest {

    /// The text that f3861d2 put into the keys of Redis: the record's `toString()`.
    @Test
    void keyText_isThatOfEarlierReleases() {
        assertThat(new Limit.Rate(100, Duration.ofSeconds(90), 20).keyText())
                .isEqualTo("Rate[requests=100, per=PT1M30S, burst=20]");
    }
}
