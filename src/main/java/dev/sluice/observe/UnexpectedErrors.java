package dev.sluice.observe;

import dev.sluice.observe.MeterTags.ErrorKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports what a barrier caught and nobody expected: a fault of ours that ended one stream, one
/// object or one turn of a loop. Each is counted by its place; at each place a few are logged with
/// their stack, then one every ten seconds with the number of those in between, so that no sender
/// can fill the log.
///
/// An error that says the JVM itself cannot go on ends the process.
public final class UnexpectedErrors {

    private static final Logger LOG = LoggerFactory.getLogger(UnexpectedErrors.class);

    /// Errors of a place that are logged one right after the other.
    private static final int BURST = 5;

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    /// Places are constants of the code; should one be made of input, the rest share this one.
    private static final int MOST_PLACES = 100;

    private static final String OTHER = "other";

    /// The status of a JVM that ends by `-XX:+ExitOnOutOfMemoryError`.
    private static final int OUT_OF_MEMORY = 3;

    private final MeterRegistry registry;
    private final LongSupplier nanos;
    private final Consumer<Throwable> end;
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    public UnexpectedErrors(MeterRegistry registry) {
        this(registry, System::nanoTime, UnexpectedErrors::halt);
    }

    /// @param nanos the time
    /// @param end called with an error after which the JVM cannot go on
    UnexpectedErrors(MeterRegistry registry, LongSupplier nanos, Consumer<Throwable> end) {
        this.registry = registry;
        this.nanos = nanos;
        this.end = end;
    }

    /// Whether the JVM cannot go on after an error. It can after a stack that was too deep, since
    /// that is unwound, and after a lack of direct memory, since heap and threads are as they were.
    public static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError
                && !(error instanceof StackOverflowError)
                && !isOfDirectMemory(error);
    }

    /// Netty's own counter has a type of its own, the JDK's a message (`java.nio.Bits`).
    private static boolean isOfDirectMemory(Throwable error) {
        return error.getClass().getSimpleName().equals("OutOfDirectMemoryError")
                || String.valueOf(error.getMessage()).contains("direct buffer memory");
    }

    /// Counts and logs an error. Never throws, and may be called on any thread.
    ///
    /// @param place a constant that names the barrier, such as `control`
    public void report(String place, Throwable error) {
        report(place, "", error);
    }

    /// Counts and logs an error. Never throws, and may be called on any thread.
    ///
    /// @param place a constant that names the barrier, such as `translate.HTTPRoute`
    /// @param subject what it ended, such as an object; empty when that is not known
    public void report(String place, String subject, Throwable error) {
        if (isFatal(error)) {
            end.accept(error);
            return;
        }
        try {
            Place at = place(place);
            at.counter.increment();
            long unlogged = at.take(nanos.getAsLong());
            String where = subject.isEmpty() ? place : place + " at " + subject;
            if (unlogged == 0) {
                LOG.error("unexpected error in {}", where, error);
            } else if (unlogged > 0) {
                LOG.error(
                        "unexpected error in {}, and {} before it that are not here",
                        where,
                        unlogged,
                        error);
            }
        } catch (Throwable again) {
            if (isFatal(again)) {
                end.accept(again);
            }
            // Else there is nothing left to report it to, and the caller has to give things back.
        }
    }

    private Place place(String name) {
        Place known = places.get(name);
        if (known != null) {
            return known;
        }
        String bounded = places.size() < MOST_PLACES ? name : OTHER;
        return places.computeIfAbsent(bounded, key -> new Place(counter(key)));
    }

    private Counter counter(String place) {
        return SluiceMeters.UNEXPECTED_ERRORS.counter(registry, ErrorKeys.PLACE.asString(), place);
    }

    /// The memory may not suffice for more than this.
    private static void halt(Throwable error) {
        System.err.println("Sluice ends: " + error);
        Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }

    private static final class Place {
        private final Counter counter;
        private int left = BURST;
        private long refilled;
        private long unlogged;

        Place(Counter counter) {
            this.counter = counter;
        }

        /// How many were not logged before one that is to be logged, negative for one that is not.
        synchronized long take(long now) {
            if (left < BURST) {
                long earned = (now - refilled) / INTERVAL;
                left = (int) Math.min(BURST, left + earned);
                refilled += earned * INTERVAL;
            }
            if (left == BURST) {
                refilled = now;
            }
            if (left == 0) {
                unlogged++;
                return -1;
            }
            left--;
            long before = unlogged;
            unlogged = 0;
            return before;
        }
    }
}
