package dev.sluice.upstream;

import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.Upstream;
import dev.sluice.net.Workers.Worker;
import java.util.Objects;

/// Asks the endpoints of one backend how they are. Each is asked on its own connections, so that
/// requests neither wait for a check nor keep it waiting. All of it happens on one event loop.
final class HealthChecker {

    private final Upstream.Attached<HealthCheck> policy;
    private final Cluster backend;
    private final Connector connector;
    private final Transport transport;
    private final Worker worker;

    /// @param policy where it is not enforced, it tells what it would do, and endpoints are picked
    /// @param transport that questions take
    HealthChecker(
            Upstream.Attached<HealthCheck> policy,
            Cluster backend,
            Connector connector,
            Transport transport) {
        this.policy = policy;
        this.backend = backend;
        this.connector = connector;
        this.transport = transport;
        this.worker = connector.anyWorker();
    }

    HealthCheck section() {
        return policy.section();
    }

    boolean isEnforced() {
        return policy.enforced();
    }

    Cluster backend() {
        return backend;
    }

    Worker worker() {
        return worker;
    }

    /// Whether it does what that policy says, to the endpoints of that transport.
    boolean follows(
            Upstream.Attached<HealthCheck> other, Transport by, Upstream.Protocol protocol) {
        return policy.equals(other)
                && transport.protocol() == protocol
                && Objects.equals(transport.tls(), by.tls());
    }

    /// The checks of an endpoint, which are not begun.
    EndpointHealthCheck of(EndpointPool endpoint) {
        // Failed checks are counted here, not against the endpoint as an outlier.
        Dialer dialer =
                new Dialer(
                        connector,
                        worker,
                        endpoint.endpoint(),
                        transport,
                        backend.connectionSettings(),
                        new EndpointHealth());
        return new EndpointHealthCheck(endpoint, this, dialer);
    }
}
