package dev.sluice.policy.ratelimit;

import java.util.concurrent.atomic.AtomicLong;

/// A token bucket in one number: the time at which it will be full again (the "theoretical arrival
/// time" of the generic cell rate algorithm, ITU-T I.371). A request moves that time by its cost; it
/// passes while the time is no further ahead than the size of the bucket.
final class Bucket {

    private final AtomicLong full;

    Bucket(long now) {
        full = new AtomicLong(now);
    }

    /// Takes what a request costs, if it is there.
    ///
    /// @param now nanoseconds of a monotonic clock
    Decision take(Limit.Rate rate, long now, long cost) {
        long interval = rate.interval();
        long size = rate.burst() * interval;
        while (true) {
            long before = full.get();
            long base = Math.max(before, now);
            long after = base + cost * interval;
            long ahead = after - now;
            if (ahead > size) {
                return new Decision(
                        false, (size - (base - now)) / interval, base - now, ahead - size);
            }
            if (full.compareAndSet(before, after)) {
                return new Decision(true, (size - ahead) / interval, ahead, 0);
            }
        }
    }

    /// Gives back what was taken.
    void giveBack(Limit.Rate rate, long cost) {
        full.addAndGet(-cost * rate.interval());
    }

    /// Whether it is full: as good as a new one.
    boolean isFull(long now) {
        return full.get() - now <= 0;
    }

    /// What became of a request.
    ///
    /// @param remaining requests that would pass now
    /// @param reset nanoseconds until the bucket is full
    /// @param after nanoseconds until the request would pass, 0 when it passes
    record Decision(boolean passes, long remaining, long reset, long after) {}
}
