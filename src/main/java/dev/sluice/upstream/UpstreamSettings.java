package dev.sluice.upstream;

import dev.sluice.upstream.balance.Balancing;
import dev.sluice.upstream.pool.PoolSettings;

/// The settings of the process for all backends.
///
/// @param pool how they are connected to
/// @param balancing how endpoints are chosen where no policy says it
public record UpstreamSettings(PoolSettings pool, Balancing balancing) {

    /// The defaults of connections, and by least requests.
    public static final UpstreamSettings DEFAULT =
            new UpstreamSettings(PoolSettings.DEFAULT, Balancing.LEAST_REQUEST);

    /// Those connections, and by least requests.
    public static UpstreamSettings of(PoolSettings pool) {
        return new UpstreamSettings(pool, Balancing.LEAST_REQUEST);
    }
}
