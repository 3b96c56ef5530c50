package dev.sluice.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// How the next endpoint of a backend is chosen where no policy says it.
public enum Balancing {
    /// The one with fewer open requests of two picked at random ([LeastRequest]).
    LEAST_REQUEST,
    /// One after the other.
    ROUND_ROBIN;

    /// Chooses as the settings say at the time.
    static final class Configured implements Balancer {

        private final Connector connector;
        private final LeastRequest leastRequest;
        private final RoundRobin roundRobin;

        Configured(EndpointPool[] among, AtomicInteger turn, Connector connector) {
            this.connector = connector;
            this.leastRequest = new LeastRequest(among);
            this.roundRobin = new RoundRobin(among, turn);
        }

        @Override
        public EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of) {
            return switch (connector.settings().balancing()) {
                case LEAST_REQUEST -> leastRequest.pick(not, of);
                case ROUND_ROBIN -> roundRobin.pick(not, of);
            };
        }
    }
}
