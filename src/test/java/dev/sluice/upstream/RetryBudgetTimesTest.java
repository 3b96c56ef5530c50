package dev.sluice.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.RetryConstraint;
import dev.sluice.ir.RetryConstraint.Spent;
import dev.sluice.ir.Upstream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a budget remembers, in virtual time.
class RetryBudgetTimesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicInteger refused = new AtomicInteger();
    private long now;

    private RetryBudget budget(int percent, int count) {
        return new RetryBudget(
                new Upstream.Attached<>(
                        new RetryConstraint(
                                percent, Duration.ofSeconds(10), count, SECOND, Spent.LAST_ANSWER),
                        true),
                () -> now,
                refused::incrementAndGet);
    }

    private int taken(RetryBudget budget, int of) {
        int taken = 0;
        for (int i = 0; i < of; i++) {
            taken += budget.take() == null ? 1 : 0;
        }
        return taken;
    }

    @Test
    void least_isThereAgainWithEachInterval() {
        RetryBudget budget = budget(0, 10);
        for (int second = 0; second < 100; second++) {
            assertThat(taken(budget, 30)).isEqualTo(10);
            now += SECOND.toNanos();
        }
        assertThat(refused).hasValue(2000);
    }

    @Test
    void tries_areForgottenAfterTheInterval() {
        RetryBudget budget = budget(20, 1);
        for (int i = 0; i < 800; i++) {
            budget.tried();
            now += SECOND.toNanos() / 100;
        }
        assertThat(taken(budget, 300)).isEqualTo(200); // of 1,000
        now += Duration.ofSeconds(10).toNanos();
        assertThat(taken(budget, 300)).isEqualTo(1);
    }

    @Test
    void countOfTheWholeYear_isStillRight() {
        RecentCount count = new RecentCount(SECOND.toNanos());
        for (int hour = 0; hour < 24 * 400; hour++) {
            now += Duration.ofHours(1).toNanos();
            count.add(now);
            assertThat(count.sum(now)).isEqualTo(1);
            assertThat(count.sum(now + SECOND.toNanos())).isZero();
        }
    }
}
