package dev.sluice.source.kubernetes.api;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Bounds how often all watches together turn to the API server: a burst, and then a steady rate.
/// Whatever makes watches end at once, the API server is not to suffer from it.
public final class RequestThrottle {

    /// Enough for each kind to find out its version, to be listed and to be watched.
    private static final int BURST = 200;

    private static final int PER_SECOND = 50;

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private final LongSupplier nanos;

    /// When the budget will be whole again.
    private long full;

    private boolean used;

    public RequestThrottle() {
        this(System::nanoTime);
    }

    public RequestThrottle(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Takes a place.
    ///
    /// @return nanoseconds until the request may be sent
    public synchronized long take() {
        long now = nanos.getAsLong();
        full = (used && full - now > 0 ? full : now) + INTERVAL;
        used = true;
        return Math.max(full - now - BURST * INTERVAL, 0);
    }

    /// Takes a place, and waits until the request may be sent.
    public void await() throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(take());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }
}
