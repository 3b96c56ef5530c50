package dev.sluice.policy.resilience;

import dev.sluice.ir.ConnectionLimits;
import dev.sluice.ir.ConnectionTimeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decodes sections `limits` and `timeouts`.
final class ConnectionDecoding {

    private ConnectionDecoding() {}

    record ConnectionLimitsSpec(
            @Nullable Integer connectionsPerEndpoint, @Nullable Integer pendingRequests) {}

    record ConnectionTimeoutsSpec(
            @Nullable String connect, @Nullable String idle, @Nullable String stream) {}

    static ConnectionLimits decode(ConnectionLimitsSpec written) {
        if (written.connectionsPerEndpoint() == null && written.pendingRequests() == null) {
            throw new IllegalArgumentException(
                    ": connectionsPerEndpoint or pendingRequests must be set");
        }
        return new ConnectionLimits(written.connectionsPerEndpoint(), written.pendingRequests());
    }

    static ConnectionTimeouts decode(ConnectionTimeoutsSpec written) {
        if (written.connect() == null && written.idle() == null && written.stream() == null) {
            throw new IllegalArgumentException(": connect, idle or stream must be set");
        }
        String stream = written.stream();
        return new ConnectionTimeouts(
                duration(written.connect(), ".connect"),
                duration(written.idle(), ".idle"),
                stream == null ? null : CircuitDecoding.duration(stream, ".stream"));
    }

    private static @Nullable Duration duration(@Nullable String written, String field) {
        return written == null ? null : CircuitDecoding.atMostAnHour(written, field);
    }
}
