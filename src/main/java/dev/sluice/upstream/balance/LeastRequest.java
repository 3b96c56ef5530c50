package dev.sluice.upstream.balance;

import dev.sluice.upstream.pool.EndpointPool;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The endpoint with fewer open requests of two picked at random (the power of two choices): near
/// to the least loaded of all, without a look at all of them.
final class LeastRequest implements Balancer {

    private final EndpointPool[] among;

    LeastRequest(EndpointPool[] among) {
        this.among = among;
    }

    @Override
    public EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = random.nextInt(among.length);
        if (among[first] == not) {
            first = (first + 1) % among.length;
        }
        int second = random.nextInt(among.length);
        if (among[second] == not) {
            return among[first];
        }
        return among[second].open() < among[first].open() ? among[second] : among[first];
    }
}
