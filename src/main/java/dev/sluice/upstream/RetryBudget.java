package dev.sluice.upstream;

import dev.sluice.ir.RetryConstraint;
import dev.sluice.ir.Upstream;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The retries that one backend may get (GEP-3388). Told of tries on all event loops; those that
/// ask at the same moment may take one too many each.
public final class RetryBudget {

    private static final long PERCENT = 100;

    private final Upstream.Attached<RetryConstraint> policy;
    private final LongSupplier clock;
    private final Runnable refused;
    private final RecentCount tries;
    private final RecentCount retries;
    private final RecentCount lately;

    /// @param clock in nanoseconds, from 0 on
    /// @param refused notified of each retry that is refused, or would be
    RetryBudget(Upstream.Attached<RetryConstraint> policy, LongSupplier clock, Runnable refused) {
        RetryConstraint section = policy.section();
        this.policy = policy;
        this.clock = clock;
        this.refused = refused;
        this.tries = new RecentCount(section.interval().toNanos());
        this.retries = new RecentCount(section.interval().toNanos());
        this.lately = new RecentCount(section.countInterval().toNanos());
    }

    boolean follows(Upstream.@Nullable Attached<RetryConstraint> other) {
        return policy.equals(other);
    }

    /// A request goes to the backend for the first time.
    public void tried() {
        tries.add(clock.getAsLong());
    }

    /// Takes a retry.
    ///
    /// @return null when there is one, else what takes its place
    public RetryConstraint.@Nullable Spent take() {
        long now = clock.getAsLong();
        RetryConstraint section = policy.section();
        boolean isLeft =
                lately.sum(now) < section.count()
                        || PERCENT * (retries.sum(now) + 1)
                                <= section.percent() * (tries.sum(now) + 1);
        if (!isLeft) {
            refused.run();
            if (policy.enforced()) {
                return section.spent();
            }
        }
        tries.add(now);
        retries.add(now);
        lately.add(now);
        return null;
    }
}
