package dev.sluice.upstream;

import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The endpoints of one upstream at work.
///
/// The next endpoint is the one with fewer open requests of two picked at random (the power of two
/// choices): near to least-request, without a look at all of them.
public final class Balanced {

    private final Connector connector;
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
            next[i] = pool != null ? pool : new EndpointPool(endpoint, current, connector);
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

    /// The endpoint for the next try.
    ///
    /// @param not one that has just failed, avoided where another one is there
    /// @return null when there is none
    public @Nullable EndpointPool pick(@Nullable EndpointPool not) {
        EndpointPool[] all = endpoints;
        if (all.length <= 1) {
            return all.length == 0 ? null : all[0];
        }
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
