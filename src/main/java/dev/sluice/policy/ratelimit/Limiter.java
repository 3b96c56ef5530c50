package dev.sluice.policy.ratelimit;

import org.jspecify.annotations.Nullable;

/// The buckets of one limit, by key.
sealed interface Limiter permits LocalLimiter, GlobalLimiter {

    /// Takes what a request costs, if it is there.
    ///
    /// @param cost at least 1
    /// @return null when that has to be asked for elsewhere
    @Nullable Decision take(String key, long cost);

    /// Gives back what was taken.
    void giveBack(String key, long cost);

    /// Takes also what is not there.
    void debit(String key, long cost);
}
