package dev.sluice.upstream.balance;

import dev.sluice.upstream.pool.EndpointPool;
import org.jspecify.annotations.Nullable;

/// Chooses among two or more endpoints of a backend. Called on all event loops.
public sealed interface Balancer
        permits ConfiguredBalancer,
                ConsistentHash,
                LeastRequest,
                RandomChoice,
                RoundRobin,
                SlowStart {

    /// The endpoint for the next try.
    ///
    /// @param not one that has just failed, avoided; null for none
    /// @param of the request, null when it is not one of a client
    EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of);
}
