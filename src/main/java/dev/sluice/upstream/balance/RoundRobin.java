package dev.sluice.upstream.balance;

import dev.sluice.upstream.pool.EndpointPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One endpoint after the other.
final class RoundRobin implements Balancer {

    private final EndpointPool[] among;
    private final AtomicInteger turn;

    /// @param turn of the backend, which goes on when endpoints change
    RoundRobin(EndpointPool[] among, AtomicInteger turn) {
        this.among = among;
        this.turn = turn;
    }

    @Override
    public EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of) {
        EndpointPool next = next();
        return next == not ? next() : next;
    }

    private EndpointPool next() {
        return among[Math.floorMod(turn.getAndIncrement(), among.length)];
    }
}
