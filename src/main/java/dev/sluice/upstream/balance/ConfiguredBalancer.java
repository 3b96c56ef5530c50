package dev.sluice.upstream.balance;

import dev.sluice.upstream.pool.EndpointPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Chooses as the settings of the process say at the time.
final class ConfiguredBalancer implements Balancer {

    private final Supplier<Balancing> balancing;
    private final LeastRequest leastRequest;
    private final RoundRobin roundRobin;

    /// @param turn of the backend, which goes on when endpoints change
    ConfiguredBalancer(EndpointPool[] among, AtomicInteger turn, Supplier<Balancing> balancing) {
        this.balancing = balancing;
        this.leastRequest = new LeastRequest(among);
        this.roundRobin = new RoundRobin(among, turn);
    }

    @Override
    public EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of) {
        return switch (balancing.get()) {
            case LEAST_REQUEST -> leastRequest.pick(not, of);
            case ROUND_ROBIN -> roundRobin.pick(not, of);
        };
    }
}
