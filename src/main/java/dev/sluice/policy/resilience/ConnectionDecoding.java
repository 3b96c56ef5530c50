package dev.sluice.policy.resilience;

import dev.sluice.ir.ConnectionLimits;
import dev.sluice.ir.ConnectionTimeouts;
import dev.sluice.policy.SpecReader;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decodes sections `limits` and `timeouts`.
final class ConnectionDecoding {

    private ConnectionDecoding() {}

    record ConnectionLimitsSpec(
            @Nullable Integer connectionsPerEndpoint, @Nullable Integer pendingRequests) {}

    record ConnectionTimeoutsSpec(
            @Nullable String connect, @Nullable String idle, @Nullable String stream) {}

    static ConnectionLimits limits(SpecReader in) {
        ConnectionLimitsSpec written = in.read(ConnectionLimitsSpec.class);
        if (written.connectionsPerEndpoint() == null && written.pendingRequests() == null) {
            throw in.error("connectionsPerEndpoint or pendingRequests must be set");
        }
        return new ConnectionLimits(written.connectionsPerEndpoint(), written.pendingRequests());
    }

    static ConnectionTimeouts timeouts(SpecReader in) {
        ConnectionTimeoutsSpec written = in.read(ConnectionTimeoutsSpec.class);
        if (written.connect() == null && written.idle() == null && written.stream() == null) {
            throw in.error("connect, idle or stream must be set");
        }
        String stream = written.stream();
        return new ConnectionTimeouts(
                duration(in.at("connect"), written.connect()),
                duration(in.at("idle"), written.idle()),
                stream == null ? null : in.at("stream").positive(stream));
    }

    private static @Nullable Duration duration(SpecReader in, @Nullable String written) {
        return written == null ? null : in.atMostAnHour(written);
    }
}
