package dev.sluice.upstream.balance;

import dev.sluice.upstream.pool.EndpointPool;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Any endpoint, each as likely as another.
final class RandomChoice implements Balancer {

    private final EndpointPool[] among;

    RandomChoice(EndpointPool[] among) {
        this.among = among;
    }

    @Override
    public EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int at = random.nextInt(among.length);
        if (among[at] == not) {
            // As many places on as hit any of the others.
            at = (at + 1 + random.nextInt(among.length - 1)) % among.length;
        }
        return among[at];
    }
}
