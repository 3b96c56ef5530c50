package dev.sluice.source.kubernetes;

import java.time.Duration;

/// How long changes wait for others: a lone one not at all, one that comes right after a snapshot for a
/// moment. A snapshot for each change of a burst would cost more than it tells.
final class Gathering {

    private static final long MOMENT = Duration.ofMillis(4).toNanos();

    private volatile long from;
    private volatile boolean any;

    /// Nanoseconds until the next snapshot may be made, 0 for now.
    long left(long now) {
        return any ? Math.max(from - now, 0) : 0;
    }

    /// A snapshot was told.
    void told(long now) {
        from = now + MOMENT;
        any = true;
    }
}
