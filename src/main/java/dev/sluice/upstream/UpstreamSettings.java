package dev.sluice.upstream;

import dev.sluice.http.Limits;
import java.time.Duration;

/// How backends are connected to.
///
/// @param connectTimeout of one TCP connection
/// @param idleTimeout after which an unused connection is closed
/// @param maxConnections per endpoint and event loop
/// @param maxPending requests that wait for a connection, per endpoint and event loop; more are
///     answered with 503
/// @param balancing how endpoints are chosen
/// @param limits of responses
public record UpstreamSettings(
        Duration connectTimeout,
        Duration idleTimeout,
        int maxConnections,
        int maxPending,
        Balancing balancing,
        Limits limits) {

    /// Two seconds to connect, 60 seconds idle, 512 connections, 1024 waiting, by least requests.
    public static final UpstreamSettings DEFAULT =
            new UpstreamSettings(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(60),
                    512,
                    1024,
                    Balancing.LEAST_REQUEST,
                    Limits.DEFAULT);
}
