package dev.sluice.upstream;

import dev.sluice.ir.ConnectionLimits;
import dev.sluice.ir.ConnectionTimeouts;
import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.OutlierDetection;
import dev.sluice.ir.RetryConstraint;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.observe.UpstreamMeters;
import io.netty.channel.EventLoop;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The endpoints of one upstream at work, and whose turn it is.
public final class Cluster {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private static final EndpointPool[] NONE = {};

    private final String id;
    private final Connector connector;
    private final Supplier<Balancing> balancing;
    private final UpstreamMeters meters;
    private final ConnectionSettings connectionSettings;
    private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt());
    private volatile EndpointSet endpointSet;
    private @Nullable Upstream served;
    private @Nullable Transport transport;
    private @Nullable OutlierDetector detector;
    private @Nullable HealthChecker checks;
    private volatile @Nullable RetryBudget retries;

    /// @param balancing how endpoints are chosen where no policy says it, as of now
    Cluster(String id, Connector connector, Supplier<Balancing> balancing, UpstreamMeters meters) {
        this.id = id;
        this.connector = connector;
        this.balancing = balancing;
        this.meters = meters;
        this.connectionSettings = new ConnectionSettings(connector);
        this.endpointSet = EndpointSet.of(NONE, null, turn, balancing);
    }

    /// Called by one thread at a time.
    ///
    /// @throws GeneralSecurityException when the upstream's certificates are malformed; it has no
    ///   endpoints then
    void update(Upstream upstream) throws GeneralSecurityException {
        if (!upstream.equals(served)) {
            Transport current = transport(upstream);
            take(upstream, current, checks(upstream, current));
        }
    }

    /// What asks the endpoints how they are, null where nobody wants to know.
    private @Nullable HealthChecker checks(Upstream upstream, Transport current)
            throws GeneralSecurityException {
        Upstream.Attached<HealthCheck> policy = upstream.attached(HealthCheck.class);
        if (policy == null) {
            return null;
        }
        Upstream.Protocol protocol =
                policy.section().question() instanceof HealthCheck.Probe.Grpc
                        ? Upstream.Protocol.HTTP2
                        : current.protocol();
        HealthChecker known = checks;
        return known != null && known.follows(policy, current, protocol)
                ? known
                : new HealthChecker(policy, this, connector, current.speaking(protocol));
    }

    private Transport transport(Upstream upstream) throws GeneralSecurityException {
        Transport current = transport;
        if (current != null && current.serves(upstream)) {
            return current;
        }
        close();
        return Transport.of(upstream);
    }

    private synchronized void take(
            Upstream upstream, Transport current, @Nullable HealthChecker asking) {
        Map<Endpoint, EndpointPool> known = new HashMap<>();
        for (EndpointPool pool : endpointSet.all()) {
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
                                    upstream.id(),
                                    endpoint,
                                    current,
                                    connector,
                                    connectionSettings,
                                    newSince);
        }
        transport = current;
        served = upstream;
        connectionSettings.update(
                upstream.enforced(ConnectionLimits.class),
                upstream.enforced(ConnectionTimeouts.class));
        watch(upstream.attached(OutlierDetection.class), next);
        applyHealthChecks(asking, next);
        budget(upstream.attached(RetryConstraint.class));
        endpointSet = EndpointSet.of(next, upstream.enforced(LoadBalancer.class), turn, balancing);
        EndpointPool[] gone = known.values().toArray(EndpointPool[]::new);
        applyHealthChecks(null, gone);
        for (EndpointPool pool : gone) {
            pool.health().outlier(null);
            pool.close();
        }
        checks = asking;
        if (detector != null) {
            detector.endpointsChanged();
        }
    }

    /// What is known against an endpoint stays while the policy does.
    private void watch(Upstream.@Nullable Attached<OutlierDetection> policy, EndpointPool[] all) {
        OutlierDetector current = detector;
        if (current != null && (policy == null || !current.follows(policy))) {
            current.close();
            current = null;
        }
        if (current == null && policy != null) {
            current = new OutlierDetector(policy, this, connector);
        }
        detector = current;
        for (EndpointPool endpoint : all) {
            EndpointHealth endpointHealth = endpoint.health();
            OutlierState watched = endpointHealth.outlier();
            if (current == null) {
                endpointHealth.outlier(null);
            } else if (watched == null || !watched.isWatchedBy(current)) {
                endpointHealth.outlier(new OutlierState(endpoint, current));
            }
        }
    }

    /// What was counted stays while the policy does.
    private void budget(Upstream.@Nullable Attached<RetryConstraint> policy) {
        RetryBudget current = retries;
        if (policy == null) {
            retries = null;
        } else if (current == null || !current.follows(policy)) {
            long begin = System.nanoTime();
            boolean enforced = policy.enforced();
            retries =
                    new RetryBudget(
                            policy,
                            () -> System.nanoTime() - begin,
                            () -> meters.retryRefused(id, enforced));
        }
    }

    /// What is known of an endpoint's health stays while the policy does.
    private void applyHealthChecks(@Nullable HealthChecker asking, EndpointPool[] all) {
        for (EndpointPool endpoint : all) {
            EndpointHealth endpointHealth = endpoint.health();
            EndpointHealthCheck asked = endpointHealth.check();
            if (asked != null && (asking == null || !asked.isBy(asking))) {
                endpointHealth.check(null);
                asked.end();
                asked = null;
            }
            if (asked == null && asking != null) {
                EndpointHealthCheck begun = asking.of(endpoint);
                endpointHealth.check(begun);
                begun.begin();
            }
        }
    }

    /// The standing of an endpoint has changed.
    synchronized void healthChanged() {
        Upstream current = served;
        boolean before = endpointSet.panics();
        LoadBalancer policy = current == null ? null : current.enforced(LoadBalancer.class);
        endpointSet = EndpointSet.of(endpointSet.all(), policy, turn, balancing);
        if (endpointSet.panics() && !before) {
            LOG.warn("{}: all endpoints are unwell, so that all are used", id);
        } else if (before && !endpointSet.panics()) {
            LOG.info("{}: not all endpoints are unwell any more", id);
        }
    }

    synchronized void close() {
        EndpointPool[] gone = endpointSet.all();
        endpointSet = EndpointSet.of(NONE, null, turn, balancing);
        served = null;
        watch(null, gone);
        applyHealthChecks(null, gone);
        checks = null;
        for (EndpointPool pool : gone) {
            pool.close();
        }
    }

    String id() {
        return id;
    }

    ConnectionSettings connectionSettings() {
        return connectionSettings;
    }

    EndpointPool[] all() {
        return endpointSet.all();
    }

    /// An endpoint was ejected, or would have been.
    void ejected(OutlierState.Cause cause, boolean enforced) {
        meters.ejected(id, cause.toString(), enforced);
    }

    /// Nanoseconds that a try with its whole answer may take; 0 for no limit.
    public long streamTimeout() {
        return connectionSettings.stream();
    }

    /// Its retries, null where they are not counted.
    public @Nullable RetryBudget retries() {
        return retries;
    }

    /// How many endpoints there are to try.
    public int size() {
        return endpointSet.usable().length;
    }

    /// How many endpoints are avoided.
    int avoided() {
        EndpointSet now = endpointSet;
        return now.all().length - now.usable().length;
    }

    /// The sum of a figure of all endpoints.
    public int sum(ToIntFunction<EndpointPool> figure) {
        int sum = 0;
        for (EndpointPool pool : endpointSet.all()) {
            sum += figure.applyAsInt(pool);
        }
        return sum;
    }

    /// The endpoint with that token; null when it is not, or no longer, one that may be picked.
    public @Nullable EndpointPool withToken(String token) {
        for (EndpointPool pool : endpointSet.usable()) {
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
        EndpointSet now = endpointSet;
        return switch (now.usable().length) {
            case 0 -> null;
            case 1 -> now.usable()[0];
            default -> now.balancer().pick(not, of);
        };
    }

    /// The one with the fewest open requests of the endpoints that take another request of that
    /// event loop; null when all are full.
    public @Nullable EndpointPool withRoom(EventLoop loop, StreamRequest request) {
        EndpointPool best = null;
        for (EndpointPool pool : endpointSet.usable()) {
            if ((best == null || pool.open() < best.open()) && pool.hasRoom(loop, request)) {
                best = pool;
            }
        }
        return best;
    }
}
