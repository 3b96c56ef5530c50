package dev.sluice.upstream;

import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import io.netty.channel.EventLoop;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The endpoints of one upstream at work, and whose turn it is.
public final class Balanced {

    private final Connector connector;
    private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt());
    private volatile EndpointPool[] endpoints = {};
    private @Nullable Transport transport;

    Balanced(Connector connector) {
        this.connector = connector;
    }

    /// @throws GeneralSecurityException when the upstream's certificates are malformed; it has no
    ///     endpoints then
    synchronized void update(Upstream upstream) throws GeneralSecurityException {
        Map<Endpoint, EndpointPool> known = new HashMap<>();
        Transport current = transport;
        if (current == null || !current.serves(upstream)) {
            close();
            current = Transport.of(upstream);
            transport = current;
        }
        for (EndpointPool pool : endpoints) {
            known.put(pool.endpoint(), pool);
        }
        EndpointPool[] next = new EndpointPool[upstream.endpoints().size()];
        for (int i = 0; i < next.length; i++) {
            Endpoint endpoint = upstream.endpoints().get(i);
            EndpointPool pool = known.remove(endpoint);
            next[i] =
                    pool != null
                            ? pool
                            : new EndpointPool(upstream.id(), endpoint, current, connector);
        }
        endpoints = next;
        known.values().forEach(EndpointPool::close);
    }

    synchronized void close() {
        EndpointPool[] gone = endpoints;
        endpoints = new EndpointPool[0];
        for (EndpointPool pool : gone) {
            pool.close();
        }
    }

    /// How many endpoints there are to try.
    public int size() {
        return endpoints.length;
    }

    /// The sum of a figure of all endpoints.
    public int sum(ToIntFunction<EndpointPool> figure) {
        int sum = 0;
        for (EndpointPool pool : endpoints) {
            sum += figure.applyAsInt(pool);
        }
        return sum;
    }

    /// The endpoint with that token; null when it is not, or no longer, one of these.
    public @Nullable EndpointPool withToken(String token) {
        for (EndpointPool pool : endpoints) {
            if (pool.token().equals(token)) {
                return pool;
            }
        }
        return null;
    }

    /// The endpoint for the next try.
    ///
    /// @param not one that has just failed, avoided where another one is there
    /// @return null when there is none
    public @Nullable EndpointPool pick(@Nullable EndpointPool not) {
        EndpointPool[] all = endpoints;
        if (all.length <= 1) {
            return all.length == 0 ? null : all[0];
        }
        return switch (connector.settings().balancing()) {
            case LEAST_REQUEST -> leastRequest(all, not);
            case ROUND_ROBIN -> roundRobin(all, not);
        };
    }

    /// The one with the fewest open requests of the endpoints that take another request of that event
    /// loop; null when all are full.
    public @Nullable EndpointPool withRoom(EventLoop loop) {
        EndpointPool best = null;
        for (EndpointPool pool : endpoints) {
            if ((best == null || pool.open() < best.open()) && pool.hasRoom(loop)) {
                best = pool;
            }
        }
        return best;
    }

    private EndpointPool roundRobin(EndpointPool[] all, @Nullable EndpointPool not) {
        EndpointPool next = all[Math.floorMod(turn.getAndIncrement(), all.length)];
        return next == not ? all[Math.floorMod(turn.getAndIncrement(), all.length)] : next;
    }

    private static EndpointPool leastRequest(EndpointPool[] all, @Nullable EndpointPool not) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = random.nextInt(all.length);
        if (all[first] == not) {
            first = (first + 1) % all.length;
        }
        int second = random.nextInt(all.length);
        if (all[second] == not) {
            return all[first];
        }
        return all[second].open() < all[first].open() ? all[second] : all[first];
    }
}
