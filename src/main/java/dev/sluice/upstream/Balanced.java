package dev.sluice.upstream;

import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.LoadBalancer.Hash;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import io.netty.channel.EventLoop;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The endpoints of one upstream at work, and whose turn it is.
public final class Balanced {

    private final Connector connector;
    private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt());
    private volatile Members members;
    private @Nullable Upstream served;
    private @Nullable Transport transport;

    Balanced(Connector connector) {
        this.connector = connector;
        this.members = members(new EndpointPool[0], null);
    }

    /// Endpoints, and how one of them is chosen.
    private static final class Members {
        final EndpointPool[] all;
        final Balancer balancer;

        Members(EndpointPool[] all, Balancer balancer) {
            this.all = all;
            this.balancer = balancer;
        }
    }

    private Members members(EndpointPool[] all, @Nullable LoadBalancer policy) {
        return new Members(all, balancer(all, policy));
    }

    private Balancer balancer(EndpointPool[] among, @Nullable LoadBalancer policy) {
        if (policy == null) {
            return new Balancing.Configured(among, turn, connector);
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

    /// @throws GeneralSecurityException when the upstream's certificates are malformed; it has no
    ///     endpoints then
    synchronized void update(Upstream upstream) throws GeneralSecurityException {
        if (upstream.equals(served)) {
            return;
        }
        Map<Endpoint, EndpointPool> known = new HashMap<>();
        Transport current = transport;
        if (current == null || !current.serves(upstream)) {
            close();
            current = Transport.of(upstream);
            transport = current;
        }
        for (EndpointPool pool : members.all) {
            known.put(pool.endpoint(), pool);
        }
        // Beside others that know the load, a new one may have to be spared.
        long newSince = known.isEmpty() ? 0 : System.nanoTime() | 1;
        EndpointPool[] next = new EndpointPool[upstream.endpoints().size()];
        for (int i = 0; i < next.length; i++) {
            Endpoint endpoint = upstream.endpoints().get(i);
            EndpointPool pool = known.remove(endpoint);
            next[i] =
                    pool != null
                            ? pool
                            : new EndpointPool(
                                    upstream.id(), endpoint, current, connector, newSince);
        }
        members = members(next, upstream.enforced(LoadBalancer.class));
        served = upstream;
        known.values().forEach(EndpointPool::close);
    }

    synchronized void close() {
        EndpointPool[] gone = members.all;
        members = members(new EndpointPool[0], null);
        served = null;
        for (EndpointPool pool : gone) {
            pool.close();
        }
    }

    /// How many endpoints there are to try.
    public int size() {
        return members.all.length;
    }

    /// The sum of a figure of all endpoints.
    public int sum(ToIntFunction<EndpointPool> figure) {
        int sum = 0;
        for (EndpointPool pool : members.all) {
            sum += figure.applyAsInt(pool);
        }
        return sum;
    }

    /// The endpoint with that token; null when it is not, or no longer, one of these.
    public @Nullable EndpointPool withToken(String token) {
        for (EndpointPool pool : members.all) {
            if (pool.token().equals(token)) {
                return pool;
            }
        }
        return null;
    }

    /// The endpoint for the next try.
    ///
    /// @param not one that has just failed, avoided where another one is there
    /// @param of the request, null when it is not one of a client
    /// @return null when there is none
    public @Nullable EndpointPool pick(@Nullable EndpointPool not, @Nullable HashInput of) {
        Members now = members;
        return switch (now.all.length) {
            case 0 -> null;
            case 1 -> now.all[0];
            default -> now.balancer.pick(not, of);
        };
    }

    /// The one with the fewest open requests of the endpoints that take another request of that event
    /// loop; null when all are full.
    public @Nullable EndpointPool withRoom(EventLoop loop) {
        EndpointPool best = null;
        for (EndpointPool pool : members.all) {
            if ((best == null || pool.open() < best.open()) && pool.hasRoom(loop)) {
                best = pool;
            }
        }
        return best;
    }
}
