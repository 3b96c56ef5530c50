package dev.sluice.source.kubernetes;

import java.time.Duration;

/// How long changes wait for others: a lone one not at all, one that comes right after a snapshot
/// for a moment, at least as long as that snapshot took until it was in effect. A snapshot for each
/// change of a burst would cost more than it says, and take the processor from those who make the
/// changes.
final class Debounce {

    private static final long MOMENT = Duration.ofMillis(4).toNanos();

    private volatile long from;
    private volatile boolean any;

    /// Nanoseconds until the next snapshot may be made, 0 for now.
    long left(long now) {
        return any ? Math.max(from - now, 0) : 0;
    }

    /// A snapshot is in effect.
    ///
    /// @param start when it was begun
    void onPublished(long start, long now) {
        from = now + Math.max(MOMENT, now - start);
        any = true;
    }
}
