package dev.sluice.policy.ratelimit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The buckets of one limit on this replica, by key.
///
/// Full buckets are forgotten once there are many. When there are still too many, new keys share
/// one bucket: a client that invents keys gets no further, and memory stays bounded.
final class LocalLimiter implements Limiter {

    static final int MAX_KEYS = 100_000;

    private final Limit.Rate rate;
    private final LongSupplier clock;
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final Bucket overflow;
    private final AtomicLong nextSweep;

    /// @param clock monotonic nanoseconds
    LocalLimiter(Limit.Rate rate, LongSupplier clock) {
        this.rate = rate;
        this.clock = clock;
        this.overflow = new Bucket(clock.getAsLong());
        this.nextSweep = new AtomicLong(clock.getAsLong());
    }

    @Override
    public Decision take(String key, long cost) {
        long now = clock.getAsLong();
        return bucket(key, now).take(rate, now, cost);
    }

    @Override
    public void giveBack(String key, long cost) {
        Bucket bucket = buckets.get(key);
        (bucket == null ? overflow : bucket).giveBack(rate, cost);
    }

    @Override
    public void debit(String key, long cost) {
        long now = clock.getAsLong();
        bucket(key, now).debit(rate, now, cost);
    }

    private Bucket bucket(String key, long now) {
        Bucket known = buckets.get(key);
        if (known != null) {
            return known;
        }
        if (buckets.size() >= MAX_KEYS) {
            sweep(now);
            if (buckets.size() >= MAX_KEYS) {
                return overflow;
            }
        }
        return buckets.computeIfAbsent(key, _ -> new Bucket(now));
    }

    /// At most once in the time in which a bucket fills: before that there is little to find.
    private void sweep(long now) {
        long due = nextSweep.get();
        if (now - due >= 0 && nextSweep.compareAndSet(due, now + rate.per().toNanos())) {
            buckets.values().removeIf(bucket -> bucket.isFull(now));
        }
    }

    int keys() {
        return buckets.size();
    }
}
