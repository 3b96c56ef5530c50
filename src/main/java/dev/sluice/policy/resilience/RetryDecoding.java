package dev.sluice.policy.resilience;

import dev.sluice.ir.RetryConstraint;
import dev.sluice.ir.RetryConstraint.Spent;
import dev.sluice.policy.SpecReader;
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

    static RetryConstraint read(SpecReader in, Spent spent) {
        RetryConstraintSpec retryConstraintSpec = in.read(RetryConstraintSpec.class);
        SpecReader ofBudget = in.at("budget").at("interval");
        RetryBudgetSpec budget = retryConstraintSpec.budget();
        MinRetryRateSpec rate = retryConstraintSpec.minRetryRate();
        String interval = budget == null ? null : budget.interval();
        Duration of = ofBudget.atMostAnHour(interval, INTERVAL);
        if (of.compareTo(LEAST_INTERVAL) < 0) {
            throw ofBudget.error("\"" + interval + "\" is under 1s");
        }
        return new RetryConstraint(
                budget == null || budget.percent() == null ? PERCENT : budget.percent(),
                of,
                rate == null || rate.count() == null ? COUNT : rate.count(),
                in.at("minRetryRate")
                        .at("interval")
                        .atMostAnHour(rate == null ? null : rate.interval(), COUNT_INTERVAL),
                spent);
    }
}
