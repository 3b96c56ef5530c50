package dev.sluice.app.settings;

import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.balance.Balancing;
import dev.sluice.upstream.pool.PoolSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Limits of connections to backends.
///
/// @param connectTimeout of one TCP connection
/// @param idleTimeout after which an unused connection is closed
/// @param responseTimeout how long nothing of a request or response passes while it is in flight
/// @param tunnelTimeout the same of an upgraded connection, such as a WebSocket
/// @param maxConnections per endpoint and event loop
/// @param maxPending requests that wait for a connection, per endpoint and event loop
/// @param pendingTimeout how long a request waits for a connection
/// @param clientShare part of connections and places to wait that is kept for others than a client
///   that holds as much; 1 for none
/// @param balancing how endpoints are chosen
public record UpstreamProperties(
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("5m") Duration responseTimeout,
        @DefaultValue("1h") Duration tunnelTimeout,
        @DefaultValue("512") int maxConnections,
        @DefaultValue("1024") int maxPending,
        @DefaultValue("5s") Duration pendingTimeout,
        @DefaultValue("0.25") double clientShare,
        @DefaultValue("least-request") Balancing balancing) {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    public UpstreamProperties {
        Bounds.check(
                "sluice.upstream.connect-timeout",
                connectTimeout,
                MILLISECOND,
                Duration.ofMinutes(5));
        Bounds.check("sluice.upstream.idle-timeout", idleTimeout, MILLISECOND, DAY);
        Bounds.check("sluice.upstream.response-timeout", responseTimeout, MILLISECOND, DAY);
        Bounds.check(
                "sluice.upstream.tunnel-timeout", tunnelTimeout, MILLISECOND, Duration.ofDays(7));
        Bounds.check("sluice.upstream.max-connections", maxConnections, 1, 1_000_000);
        Bounds.check("sluice.upstream.max-pending", maxPending, 0, 10_000_000);
        if (!(clientShare > 0 && clientShare <= 1)) {
            throw new IllegalArgumentException(
                    "sluice.upstream.client-share must be above 0 and at most 1, was "
                            + clientShare);
        }
        Bounds.check(
                "sluice.upstream.pending-timeout",
                pendingTimeout,
                MILLISECOND,
                Duration.ofHours(1));
    }

    /// As backends take them.
    public UpstreamSettings settings(ServerProperties server) {
        return new UpstreamSettings(
                new PoolSettings(
                        connectTimeout,
                        idleTimeout,
                        responseTimeout,
                        tunnelTimeout,
                        maxConnections,
                        maxPending,
                        pendingTimeout,
                        clientShare,
                        server.limits()),
                balancing);
    }
}
