package dev.sluice.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Meters of the control side.
public final class ControlMeters {

    private final Timer translation;
    private final Counter failures;
    private final AtomicLong generation = new AtomicLong();

    public ControlMeters(MeterRegistry registry) {
        translation = SluiceMeters.TRANSLATION.timer(registry);
        failures = SluiceMeters.TRANSLATION_FAILURES.counter(registry);
        SluiceMeters.GENERATION.gauge(registry, generation, AtomicLong::doubleValue);
    }

    /// A configuration took effect.
    ///
    /// @param number of the generation
    /// @param nanos from the snapshot on
    public void published(long number, long nanos) {
        generation.set(number);
        translation.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// A turn of the loop failed.
    public void failed() {
        failures.increment();
    }
}
