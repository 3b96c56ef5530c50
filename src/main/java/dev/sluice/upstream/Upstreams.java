package dev.sluice.upstream;

import dev.sluice.barrier.Barrier;
import dev.sluice.ir.Upstream;
import dev.sluice.net.Workers;
import dev.sluice.observe.UpstreamMeters;
import dev.sluice.upstream.balance.Balancing;
import dev.sluice.upstream.pool.Connector;
import dev.sluice.upstream.pool.EndpointPool;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All backends by [Upstream#id]. A backend outlives configurations: its pools and its balancing
/// state stay while its endpoints change. Changed by one thread at a time.
public final class Upstreams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);

    private final Connector connector;
    private final UpstreamMeters meters;
    private volatile Balancing balancing;

    /// How long a backend that is gone takes requests: longer than streams arrive on a connection
    /// that ends, and than a stage should defer a request.
    private static final long LAST_REQUESTS_SECONDS = 2;

    private final Map<String, Cluster> backends = new ConcurrentHashMap<>();
    private Map<String, Upstream> current = Map.of();

    public Upstreams(Workers workers, UpstreamSettings settings, UpstreamMeters meters) {
        this.connector = new Connector(workers, settings.pool());
        this.balancing = settings.balancing();
        this.meters = meters;
    }

    /// What connects from now on does so by these; time limits of HTTP/2 connections that are open
    /// stay.
    public void settings(UpstreamSettings next) {
        connector.settings(next.pool());
        balancing = next.balancing();
    }

    /// Takes over new and changed backends. Those that are gone stay usable until [#retain].
    @SuppressWarnings("ReferenceEquality") // an equal map costs one more look
    public void update(Map<String, Upstream> upstreams) {
        if (upstreams == current) {
            return;
        }
        upstreams.forEach((id, upstream) -> {
            try {
                backends.computeIfAbsent(id, this::balanced).update(upstream);
            } catch (GeneralSecurityException e) {
                // The translation accepts no such thing; requests are answered with 503.
                LOG.error("backend {} cannot be used: {}", id, e.getMessage());
            }
        });
    }

    private Cluster balanced(String id) {
        Cluster cluster = new Cluster(id, connector, () -> balancing, meters);
        meters.add(id, new ClusterPools(cluster));
        return cluster;
    }

    /// Drops backends that no published rule can reach any more. Requests that have their rule
    /// already may still go there.
    @SuppressWarnings("ReferenceEquality") // see #update
    public void retain(Map<String, Upstream> upstreams) {
        if (upstreams == current) {
            return;
        }
        current = upstreams;
        drop(
                upstreams.keySet(),
                backend -> {
                    var _ =
                            Barrier.schedule(
                                    connector.anyWorker().loop(),
                                    Barrier.only("upstream"),
                                    backend::close,
                                    TimeUnit.SECONDS.toNanos(LAST_REQUESTS_SECONDS));
                });
    }

    private void drop(Set<String> but, Consumer<Cluster> end) {
        Map<String, Cluster> gone = new HashMap<>(backends);
        gone.keySet().removeAll(but);
        gone.forEach((id, backend) -> {
            backends.remove(id);
            meters.remove(id);
            end.accept(backend);
        });
    }

    /// The backend with that id, which the current configuration holds.
    public Cluster get(String id) {
        Cluster backend = backends.get(id);
        if (backend == null) {
            throw new IllegalArgumentException("unknown upstream " + id);
        }
        return backend;
    }

    @Override
    public void close() {
        drop(Set.of(), Cluster::close);
    }

    private record ClusterPools(Cluster of) implements UpstreamMeters.Pools {
        @Override
        public int connections() {
            return of.sum(EndpointPool::connections);
        }

        @Override
        public int requests() {
            return of.sum(EndpointPool::open);
        }

        @Override
        public int waiting() {
            return of.sum(EndpointPool::waiting);
        }

        @Override
        public int avoided() {
            return of.avoided();
        }
    }
}
