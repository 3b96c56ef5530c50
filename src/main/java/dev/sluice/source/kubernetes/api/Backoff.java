package dev.sluice.source.kubernetes.api;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// The pauses between tries: each about twice as long as the one before, up to the longest. Each
/// differs by up to a half, so that those who failed together do not come back together. Used by
/// one thread.
public final class Backoff {

    public static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Duration FIRST = Duration.ofMillis(250);

    private Duration about = FIRST;

    /// The next pause.
    public Duration next() {
        Duration now = about;
        Duration twice = about.multipliedBy(2);
        about = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
        return jittered(now);
    }

    /// Things went well.
    public void reset() {
        about = FIRST;
    }

    /// A duration, give or take a half.
    public static Duration jittered(Duration about) {
        long millis = about.toMillis();
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis + 1));
    }
}
