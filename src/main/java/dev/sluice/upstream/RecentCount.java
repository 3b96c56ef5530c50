package dev.sluice.upstream;

import java.util.concurrent.atomic.AtomicLongArray;

/// How often something happened of late, on all event loops. What is counted is forgotten in parts
/// of a sixteenth of the time.
final class RecentCount {

    private static final int PARTS = 16;
    private static final int HALF = 32;
    private static final long LOW = (1L << HALF) - 1;

    /// Of each part when it was, modulo 2 to the 32, in the upper half, and the count in the lower.
    private final AtomicLongArray parts = new AtomicLongArray(PARTS);

    private final long nanos;

    /// @param nanos how long it counts, at least 16
    RecentCount(long nanos) {
        this.nanos = nanos / PARTS;
    }

    /// @param now nanoseconds since something, from 0 on
    void add(long now) {
        long part = now / nanos;
        int at = (int) (part % PARTS);
        while (true) {
            long known = parts.get(at);
            long next = (known >>> HALF) == (part & LOW) ? known + 1 : ((part & LOW) << HALF) | 1;
            if (parts.compareAndSet(at, known, next)) {
                return;
            }
        }
    }

    /// @param now as in [#add]
    long sum(long now) {
        long part = (now / nanos) & LOW;
        long sum = 0;
        for (int i = 0; i < PARTS; i++) {
            long known = parts.get(i);
            long age = (part - (known >>> HALF)) & LOW;
            if (age < PARTS) {
                sum += known & LOW;
            }
        }
        return sum;
    }
}
