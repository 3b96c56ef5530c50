package dev.sluice.ir;

import java.time.Duration;

/// Section `retryConstraint`: how many of the tries at a Service's port may be retries (GEP-3388).
///
/// @param percent of the tries within `interval`, retries included, that may be retries; 0 to 100
/// @param interval what is looked at, more than zero
/// @param count so many retries within `countInterval` are permitted in any case, at least 1
/// @param countInterval more than zero
/// @param spent what a client gets whose request may not be tried again
public record RetryConstraint(
        int percent, Duration interval, int count, Duration countInterval, Spent spent)
        implements PolicySection {

    /// What takes the place of a retry.
    public enum Spent {
        /// How the last try ended.
        LAST_ANSWER,
        /// Status 503, as GEP-3388 has it.
        UNAVAILABLE
    }

    @Override
    public String text() {
        return "at most "
                + percent
                + " % of the tries in "
                + interval
                + " are retries, but "
                + count
                + " in "
                + countInterval
                + " may be";
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
