package dev.sluice.upstream.health;

import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.net.Workers.Worker;
import dev.sluice.upstream.pool.Dialer;
import dev.sluice.upstream.pool.EndpointListener;
import dev.sluice.upstream.pool.Transport;
import java.util.Objects;

/// Asks the endpoints of one backend how they are. Each is asked on its own connections, so that
/// requests neither wait for a check nor keep it waiting. All of it happens on one event loop.
public final class HealthChecker {

    private final Upstream.Attached<HealthCheck> policy;
    private final Transport transport;
    private final HealthContext context;
    private final Worker worker;

    /// @param policy where it is not enforced, it reports what it would do, and endpoints are
    ///   picked
    /// @param transport that questions take
    public HealthChecker(
            Upstream.Attached<HealthCheck> policy, Transport transport, HealthContext context) {
        this.policy = policy;
        this.transport = transport;
        this.context = context;
        this.worker = context.connector().anyWorker();
    }

    HealthCheck section() {
        return policy.section();
    }

    boolean isEnforced() {
        return policy.enforced();
    }

    HealthContext context() {
        return context;
    }

    /// Whether it does what that policy says, to the endpoints of that transport.
    public boolean follows(
            Upstream.Attached<HealthCheck> other, Transport by, Upstream.Protocol protocol) {
        return policy.equals(other)
                && transport.protocol() == protocol
                && Objects.equals(transport.tls(), by.tls());
    }

    /// The checks of an endpoint, which are not begun.
    EndpointHealthCheck check(Endpoint endpoint) {
        // Failed checks are counted here, not against the endpoint as an outlier.
        Dialer dialer =
                new Dialer(
                        context.connector(),
                        worker,
                        endpoint,
                        transport,
                        context.settings(),
                        EndpointListener.NONE);
        return new EndpointHealthCheck(endpoint, this, dialer);
    }
}
