package dev.sluice.net;

import java.util.concurrent.atomic.LongAdder;

/// Why a client's connection was ended before, or beside, any request. Each is counted.
public enum ConnectionFailure {
    /// A header of the PROXY protocol is required, and the peer is no trusted source.
    PROXY_UNTRUSTED,
    /// A header of the PROXY protocol is required, and the first bytes are none.
    PROXY_MISSING,
    /// A header of the PROXY protocol is malformed, too long, or of no TCP connection.
    PROXY_MALFORMED,
    /// A header of the PROXY protocol did not arrive in time.
    PROXY_TIMEOUT;

    @SuppressWarnings("ImmutableEnumChecker") // it only counts
    private final LongAdder count = new LongAdder();

    /// Counts one.
    public void count() {
        count.increment();
    }

    /// How many there were since the start.
    public double total() {
        return count.sum();
    }
}
