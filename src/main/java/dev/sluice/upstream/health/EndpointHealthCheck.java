package dev.sluice.upstream.health;

import dev.sluice.barrier.Barrier;
import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.HealthCheck.Probe;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.upstream.pool.Dialer;
import dev.sluice.upstream.pool.EndpointPool;
import dev.sluice.upstream.pool.LoopPool;
import dev.sluice.upstream.pool.PoolStats;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The health of one endpoint: asked again and again until the endpoint or the policy goes. It is
/// well until it is found otherwise. On the event loop of [HealthChecker].
final class EndpointHealthCheck implements Barrier.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointHealthCheck.class);

    /// The part of the interval by which times differ, so that endpoints are not asked in step.
    private static final double SPREAD = 0.1;

    private final Endpoint endpoint;
    private final HealthChecker checks;
    private final Dialer dialer;
    private final LoopPool pool;
    private volatile boolean unhealthy;
    private volatile boolean ended;
    private int against;

    EndpointHealthCheck(Endpoint endpoint, HealthChecker checks, Dialer dialer) {
        this.endpoint = endpoint;
        this.checks = checks;
        this.dialer = dialer;
        this.pool = EndpointPool.pool(dialer, new PoolStats());
    }

    /// Whether it is unhealthy, and a policy that acts says so.
    boolean isAvoided() {
        return unhealthy && checks.isEnforced();
    }

    boolean isOf(HealthChecker other) {
        return checks == other;
    }

    void begin() {
        checkIn(spread(checks.section().interval(), 0));
    }

    /// Asks no more.
    void end() {
        ended = true;
        Barrier.execute(dialer.worker().loop(), Barrier.only("health"), pool::close);
    }

    private static long spread(Duration interval, long least) {
        long most = (long) (interval.toNanos() * SPREAD);
        return least + ThreadLocalRandom.current().nextLong(most + 1);
    }

    private void checkIn(long nanos) {
        var _ = Barrier.schedule(dialer.worker().loop(), this, this::check, nanos);
    }

    @Override
    public String place() {
        return "health";
    }

    /// One check has failed for a reason of ours, which says nothing of the endpoint; the next one
    /// comes.
    @Override
    public void onUnexpectedError(Throwable error) {
        if (!ended) {
            checkIn(spread(checks.section().interval(), checks.section().interval().toNanos()));
        }
    }

    private void check() {
        if (ended) {
            return;
        }
        HealthCheck section = checks.section();
        HealthProbe probe =
                switch (section.question()) {
                    case Probe.Tcp() -> new TcpProbe(dialer, section.timeout(), this::answered);
                    case Probe.Http http -> probe(new HttpProbe(http));
                    case Probe.Grpc grpc -> probe(new GrpcProbe(grpc));
                };
        probe.start();
    }

    private HealthProbe probe(ProbeRequest request) {
        return new RequestProbe(request, dialer, pool, checks.section().timeout(), this::answered);
    }

    /// @param reason what is wrong, empty when it is well
    private void answered(String reason) {
        if (ended) {
            return;
        }
        HealthCheck section = checks.section();
        if (reason.isEmpty() != unhealthy) {
            against = 0;
        } else if (++against >= (unhealthy ? section.healthy() : section.unhealthy())) {
            against = 0;
            turn(reason);
        }
        long interval = section.interval().toNanos();
        checkIn(spread(section.interval(), interval - (long) (interval * SPREAD / 2)));
    }

    private void turn(String reason) {
        boolean well = unhealthy;
        unhealthy = !well;
        HealthContext context = checks.context();
        String id = context.cluster();
        if (!well) {
            String is = checks.isEnforced() ? "is" : "would be";
            LOG.warn("{}: endpoint {} {} left alone: {}", id, endpoint, is, reason);
        } else {
            LOG.info("{}: endpoint {} is well again", id, endpoint);
            if (checks.isEnforced()) {
                context.listener().recovered(endpoint);
            }
        }
        context.listener().healthChanged();
    }
}
