package dev.sluice.upstream.pool;

import dev.sluice.http.MessageLimits;
import java.time.Duration;

/// How backends are connected to.
///
/// @param connectTimeout of one TCP connection
/// @param idleTimeout after which an unused connection is closed
/// @param responseTimeout how long nothing of a request or response may pass while it is in flight
/// @param tunnelTimeout the same of an upgraded connection
/// @param maxConnections per endpoint and event loop
/// @param maxPending requests that wait for a connection, per endpoint and event loop; more are
///   sent to another endpoint with room, else answered with 503
/// @param pendingTimeout how long a request waits for a connection; then it is answered with 503
/// @param clientShare part of the connections, and of the places to wait, that is kept for others
///   than a client that holds as much; 1 for none
/// @param messageLimits of responses
public record PoolSettings(
        Duration connectTimeout,
        Duration idleTimeout,
        Duration responseTimeout,
        Duration tunnelTimeout,
        int maxConnections,
        int maxPending,
        Duration pendingTimeout,
        double clientShare,
        MessageLimits messageLimits) {

    private static final double QUARTER = 0.25;

    /// Two seconds to connect, 60 seconds idle, five minutes of silence, an hour in tunnels, 512
    /// connections, 1024 waiting up to five seconds.
    public static final PoolSettings DEFAULT =
            new PoolSettings(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5),
                    Duration.ofHours(1),
                    512,
                    1024,
                    Duration.ofSeconds(5),
                    MessageLimits.DEFAULT);

    /// With a quarter as a client's share.
    public PoolSettings(
            Duration connectTimeout,
            Duration idleTimeout,
            Duration responseTimeout,
            Duration tunnelTimeout,
            int maxConnections,
            int maxPending,
            Duration pendingTimeout,
            MessageLimits messageLimits) {
        this(
                connectTimeout,
                idleTimeout,
                responseTimeout,
                tunnelTimeout,
                maxConnections,
                maxPending,
                pendingTimeout,
                QUARTER,
                messageLimits);
    }
}
