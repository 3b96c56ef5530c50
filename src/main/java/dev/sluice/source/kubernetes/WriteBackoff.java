package dev.sluice.source.kubernetes;

import java.time.Duration;

/// When an object may be written again. The first write of a while is due at once; while the object
/// keeps changing each one waits longer than the one before, so that a burst costs few writes and
/// its end is reported in less than a second.
final class WriteBackoff {

    private final long first;
    private final long longest;
    private long interval;
    private long due;
    private boolean used;

    /// That of a status.
    WriteBackoff() {
        this(Duration.ofMillis(50), Duration.ofMillis(700));
    }

    WriteBackoff(Duration first, Duration longest) {
        this.first = first.toNanos();
        this.longest = longest.toNanos();
    }

    /// That of an object that somebody bends again and again: it is mended, and not at their pace.
    static WriteBackoff ofMending() {
        return new WriteBackoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    }

    /// Nanoseconds until the next write may start, at most 0 for now.
    long left(long now) {
        return used ? due - now : 0;
    }

    /// A write starts.
    void used(long now) {
        boolean busy = used && now - due < interval;
        interval = busy ? Math.min(interval * 2, longest) : first;
        due = now + interval;
        used = true;
    }

    /// Whether the object has been left alone for so long that nothing need be remembered.
    boolean isOver(long now) {
        return !used || now - due > longest;
    }
}
