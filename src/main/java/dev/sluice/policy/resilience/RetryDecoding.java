package dev.sluice.policy.resilience;

import dev.sluice.ir.RetryConstraint;
import dev.sluice.ir.RetryConstraint.Spent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decodes section `retryConstraint`, with the defaults of GEP-3388.
final class RetryDecoding {

    private static final int PERCENT = 20;
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);
    private static final int COUNT = 10;
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(1);

    private RetryDecoding() {}

    record RetryConstraintSpec(
            @Nullable RetryBudgetSpec budget, @Nullable MinRetryRateSpec minRetryRate) {}

    record RetryBudgetSpec(@Nullable Integer percent, @Nullable String interval) {}

    record MinRetryRateSpec(@Nullable Integer count, @Nullable String interval) {}

    static RetryConstraint decode(RetryConstraintSpec retryConstraintSpec, Spent spent) {
        RetryBudgetSpec budget = retryConstraintSpec.budget();
        MinRetryRateSpec rate = retryConstraintSpec.minRetryRate();
        String interval = budget == null ? null : budget.interval();
        Duration of = duration(interval, INTERVAL, ".budget.interval");
        if (of.compareTo(LEAST_INTERVAL) < 0) {
            throw new IllegalArgumentException(
                    ".budget.interval: \"" + interval + "\" is under 1s");
        }
        return new RetryConstraint(
                budget == null || budget.percent() == null ? PERCENT : budget.percent(),
                of,
                rate == null || rate.count() == null ? COUNT : rate.count(),
                duration(
                        rate == null ? null : rate.interval(),
                        COUNT_INTERVAL,
                        ".minRetryRate.interval"),
                spent);
    }

    private static Duration duration(@Nullable String written, Duration usual, String field) {
        return written == null ? usual : CircuitDecoding.atMostAnHour(written, field);
    }
}
