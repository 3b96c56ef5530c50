package dev.sluice.policy.ratelimit;

import java.util.concurrent.atomic.AtomicLong;

/// A token bucket in one number: the time at which it will be full again (the "theoretical arrival
/// time" of the generic cell rate algorithm, ITU-T I.371). A request moves that time by its cost;
/// it passes while the time is no further ahead than the size of the bucket.
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
        long size = rate.size();
        while (true) {
            long before = full.get();
            long base = Math.max(before, now);
            long debt = base - now;
            if (cost > rate.burst() || debt + cost * interval > size) {
                long lacks = Math.min(cost, rate.burst()) * interval - (size - debt);
                return new Decision(
                        false, Math.max(0, size - debt) / interval, debt, Math.max(1, lacks));
            }
            long after = base + cost * interval;
            if (full.compareAndSet(before, after)) {
                long ahead = after - now;
                return new Decision(true, (size - ahead) / interval, ahead, 0);
            }
        }
    }

    /// Takes also what is not there: requests have to wait until it is. The debt is never more than
    /// one bucket.
    void debit(Limit.Rate rate, long now, long cost) {
        long most = now + 2 * rate.size();
        long taken = Math.min(cost, 2 * rate.burst()) * rate.interval();
        full.updateAndGet(before -> {
            long after = Math.max(before, now) + taken;
            return after - most > 0 ? most : after;
        });
    }

    /// Gives back what was taken.
    void giveBack(Limit.Rate rate, long cost) {
        full.addAndGet(-cost * rate.interval());
    }

    /// Whether it is full: as good as a new one.
    boolean isFull(long now) {
        return full.get() - now <= 0;
    }
}
