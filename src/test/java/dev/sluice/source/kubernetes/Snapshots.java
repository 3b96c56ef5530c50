package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.Resources;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The snapshots of a source, in the order in which they came.
final class Snapshots extends LinkedBlockingQueue<Resources> {

    private static final long serialVersionUID = 1;
    private static final Duration LONG = Duration.ofSeconds(25);

    /// The next one of which something holds; those before it are gone.
    Resources await(Predicate<Resources> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (true) {
            long left = deadline - System.nanoTime();
            Resources next = poll(Math.max(left, 0), TimeUnit.NANOSECONDS);
            assertThat(next).as("a snapshot within %s", LONG).isNotNull();
            if (next != null && wanted.test(next)) {
                return next;
            }
        }
    }
}
