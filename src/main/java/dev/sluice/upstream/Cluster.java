package dev.sluice.upstream;

import dev.sluice.ir.ConnectionLimits;
import dev.sluice.ir.ConnectionTimeouts;
import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.RetryConstraint;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.observe.UpstreamMeters;
import dev.sluice.upstream.balance.Balancing;
import dev.sluice.upstream.balance.EndpointSet;
import dev.sluice.upstream.balance.HashInput;
import dev.sluice.upstream.health.EjectionCause;
import dev.sluice.upstream.health.EndpointHealth;
import dev.sluice.upstream.health.HealthChecker;
import dev.sluice.upstream.health.HealthContext;
import dev.sluice.upstream.health.HealthListener;
import dev.sluice.upstream.pool.ConnectionSettings;
import dev.sluice.upstream.pool.Connector;
import dev.sluice.upstream.pool.EndpointPool;
import dev.sluice.upstream.pool.StreamRequest;
import dev.sluice.upstream.pool.Transport;
import io.netty.channel.EventLoop;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The endpoints of one upstream at work, and whose turn it is.
public final class Cluster {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final String id;
    private final Connector connector;
    private final Supplier<Balancing> balancing;
    private final UpstreamMeters meters;
    private final ConnectionSettings connectionSettings;
    private final ClusterHealth health;
    private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt());
    private volatile EndpointSet endpointSet;
    private List<Member> members = List.of();
    private @Nullable Upstream served;
    private @Nullable Transport transport;
    private volatile @Nullable RetryBudget retries;

    private record Member(EndpointPool pool, EndpointHealth health) {}

    /// @param balancing how endpoints are chosen where no policy says it, as of now
    Cluster(String id, Connector connector, Supplier<Balancing> balancing, UpstreamMeters meters) {
        this.id = id;
        this.connector = connector;
        this.balancing = balancing;
        this.meters = meters;
        this.connectionSettings = new ConnectionSettings(connector);
        this.health =
                new ClusterHealth(
                        new HealthContext(id, connector, connectionSettings, new Recovery()));
        this.endpointSet = endpointSet(null);
    }

    /// Called by one thread at a time.
    ///
    /// @throws GeneralSecurityException when the upstream's certificates are malformed; it has no
    ///   endpoints then
    void update(Upstream upstream) throws GeneralSecurityException {
        if (!upstream.equals(served)) {
            Transport current = transport(upstream);
            take(upstream, current, health.checker(upstream, current));
        }
    }

    private Transport transport(Upstream upstream) throws GeneralSecurityException {
        Transport current = transport;
        if (current != null && current.serves(upstream)) {
            return current;
        }
        try {
            return Transport.of(upstream);
        } catch (GeneralSecurityException e) {
            close();
            throw e;
        }
    }

    private synchronized void take(
            Upstream upstream, Transport current, @Nullable HealthChecker asking) {
        Map<Endpoint, Member> known = new LinkedHashMap<>();
        members.forEach(member -> known.put(member.pool().endpoint(), member));
        List<Member> gone = new ArrayList<>();
        if (!current.equals(transport)) { // none of their connections serves it
            gone.addAll(known.values());
            known.clear();
        }
        // Beside others that know the load, a new one may have to be spared.
        long newSince = known.isEmpty() ? 0 : System.nanoTime() | 1;
        List<Member> next = new ArrayList<>();
        for (Endpoint endpoint : upstream.endpoints()) {
            Member member = known.remove(endpoint);
            next.add(member != null ? member : member(endpoint, current, newSince));
        }
        transport = current;
        served = upstream;
        members = List.copyOf(next);
        connectionSettings.update(
                upstream.enforced(ConnectionLimits.class),
                upstream.enforced(ConnectionTimeouts.class));
        health.update(upstream, asking, healths(members));
        budget(upstream.attached(RetryConstraint.class));
        endpointSet = endpointSet(upstream.enforced(LoadBalancer.class));
        gone.addAll(known.values());
        end(gone); // when requests find the others already
        health.endpointsChanged();
    }

    private Member member(Endpoint endpoint, Transport current, long newSince) {
        EndpointHealth endpointHealth = new EndpointHealth(endpoint);
        return new Member(
                new EndpointPool(
                        id,
                        endpoint,
                        current,
                        connector,
                        connectionSettings,
                        endpointHealth,
                        newSince),
                endpointHealth);
    }

    private static List<EndpointHealth> healths(Collection<Member> of) {
        return of.stream().map(Member::health).toList();
    }

    private EndpointSet endpointSet(@Nullable LoadBalancer policy) {
        return EndpointSet.of(
                pools(_ -> true),
                pools(member -> !member.health().isAvoided()),
                policy,
                turn,
                balancing);
    }

    private EndpointPool[] pools(Predicate<Member> which) {
        return members.stream().filter(which).map(Member::pool).toArray(EndpointPool[]::new);
    }

    private static void end(Collection<Member> gone) {
        for (Member member : gone) {
            member.health().checkedBy(null);
            member.health().watchedBy(null);
            member.pool().close();
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

    /// What becomes of endpoints, on any event loop.
    private final class Recovery implements HealthListener {

        @Override
        public void healthChanged() {
            refresh();
        }

        @Override
        public void recovered(Endpoint endpoint) {
            for (EndpointPool pool : endpointSet.all()) {
                if (pool.endpoint().equals(endpoint)) {
                    pool.newSince(System.nanoTime());
                }
            }
        }

        @Override
        public void ejected(EjectionCause cause, boolean enforced) {
            meters.ejected(id, cause.toString(), enforced);
        }
    }

    private synchronized void refresh() {
        Upstream current = served;
        boolean before = endpointSet.panics();
        endpointSet = endpointSet(current == null ? null : current.enforced(LoadBalancer.class));
        if (endpointSet.panics() && !before) {
            LOG.warn("{}: all endpoints are unhealthy, so that all are used", id);
        } else if (before && !endpointSet.panics()) {
            LOG.info("{}: not all endpoints are unhealthy any more", id);
        }
    }

    synchronized void close() {
        List<Member> gone = members;
        members = List.of();
        endpointSet = endpointSet(null);
        served = null;
        health.close(healths(gone));
        end(gone);
    }

    /// Nanoseconds that a try with its whole answer may take; 0 for no limit.
    public long streamTimeout() {
        return connectionSettings.stream();
    }

    /// How long a connection of TCP to it may carry nothing.
    public Duration idle() {
        return connectionSettings.idle();
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
