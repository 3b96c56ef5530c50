package dev.sluice.upstream;

import dev.sluice.http.Limits;
import java.time.Duration;

/// How backends are connected to.
///
/// @param connectTimeout of one TCP connection
/// @param idleTimeout after which an unused connection is closed
/// @param responseTimeout how long nothing of a request or response may pass while it is in flight
/// @param tunnelTimeout the same of an upgraded connection
/// @param maxConnections per endpoint and event loop
/// @param maxPending requests that wait for a connection, per endpoint and event loop; more are
///     sent to another endpoint with room, else answered with 503
/// @param pendingTimeout how long a request waits for a connection; then it is answered with 503
/// @param balancing how endpoints are chosen
/// @param limits of responses
public record UpstreamSettings(
        Duration connectTimeout,
        Duration idleTimeout,
        Duration responseTimeout,
        Duration tunnelTimeout,
        int maxConnections,
        int maxPending,
        Duration pendingTimeout,
        Balancing balancing,
        Limits limits) {

    /// Two seconds to connect, 60 seconds idle, five minutes of silence, an hour in tunnels, 512 connections, 1024 waiting up to five seconds, by least requests.
    public static final UpstreamSettings DEFAULT =
            new UpstreamSettings(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5),
                    Duration.ofHours(1),
                    512,
                    1024,
                    Duration.ofSeconds(5),
                    Balancing.LEAST_REQUEST,
                    Limits.DEFAULT);
}
