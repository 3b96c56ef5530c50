package dev.sluice.upstream.balance;

import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.LoadBalancer.Hash;
import dev.sluice.upstream.pool.EndpointPool;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Endpoints of one backend, and how one of them is chosen.
public final class EndpointSet {

    private final EndpointPool[] all;
    private final EndpointPool[] usable;
    private final Balancer balancer;
    private final boolean panics;

    private EndpointSet(
            EndpointPool[] all, EndpointPool[] usable, Balancer balancer, boolean panics) {
        this.all = all;
        this.usable = usable;
        this.balancer = balancer;
        this.panics = panics;
    }

    /// Where all would have to be avoided, none is.
    ///
    /// @param well those of all that need not be avoided
    /// @param policy null where the settings of the process say it
    /// @param turn of the backend
    /// @param configured what the settings say at the time
    public static EndpointSet of(
            EndpointPool[] all,
            EndpointPool[] well,
            @Nullable LoadBalancer policy,
            AtomicInteger turn,
            Supplier<Balancing> configured) {
        boolean panics = well.length == 0 && all.length > 0;
        EndpointPool[] usable = panics ? all : well;
        return new EndpointSet(all, usable, balancer(usable, policy, turn, configured), panics);
    }

    private static Balancer balancer(
            EndpointPool[] among,
            @Nullable LoadBalancer policy,
            AtomicInteger turn,
            Supplier<Balancing> configured) {
        if (policy == null) {
            return new ConfiguredBalancer(among, turn, configured);
        }
        Hash hash = policy.hash();
        Balancer balancer =
                switch (policy.type()) {
                    case LEAST_REQUEST -> new LeastRequest(among);
                    case ROUND_ROBIN -> new RoundRobin(among, turn);
                    case RANDOM -> new RandomChoice(among);
                    case CONSISTENT_HASH -> new ConsistentHash(among, Objects.requireNonNull(hash));
                };
        return policy.slowStart().isZero()
                ? balancer
                : new SlowStart(balancer, policy.slowStart().toNanos());
    }

    public EndpointPool[] all() {
        return all;
    }

    /// Those that may be picked.
    public EndpointPool[] usable() {
        return usable;
    }

    public Balancer balancer() {
        return balancer;
    }

    /// Whether all would have to be avoided.
    public boolean panics() {
        return panics;
    }
}
