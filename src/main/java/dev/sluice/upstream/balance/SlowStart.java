package dev.sluice.upstream.balance;

import dev.sluice.upstream.pool.EndpointPool;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Spares endpoints that are new, so that caches and compilers get warm before the whole load is
/// there: a new one that is picked is passed over by a chance that falls with its age. Where all
/// are new, this is the same for all.
///
/// @param choice picks
/// @param nanos how long an endpoint is new
record SlowStart(Balancer choice, long nanos) implements Balancer {

    /// The part of its share that an endpoint begins with.
    private static final double LEAST = 0.1;

    @Override
    public EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of) {
        EndpointPool first = choice.pick(not, of);
        long since = first.newSince();
        if (since == 0) {
            return first;
        }
        double part = Math.max(LEAST, (double) (System.nanoTime() - since) / nanos);
        if (part >= 1 || ThreadLocalRandom.current().nextDouble() < part) {
            return first;
        }
        EndpointPool second = choice.pick(first, of);
        return second == not ? first : second;
    }
}
