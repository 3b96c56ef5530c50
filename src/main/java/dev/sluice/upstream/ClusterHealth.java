package dev.sluice.upstream;

import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.OutlierDetection;
import dev.sluice.ir.Upstream;
import dev.sluice.upstream.health.EndpointHealth;
import dev.sluice.upstream.health.HealthChecker;
import dev.sluice.upstream.health.HealthContext;
import dev.sluice.upstream.health.OutlierDetector;
import dev.sluice.upstream.health.OutlierState;
import dev.sluice.upstream.pool.Transport;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What watches and asks the endpoints of one cluster, as its policies say. Called under the lock
/// of [Cluster], but for [#checker].
final class ClusterHealth {

    private final HealthContext context;
    private @Nullable OutlierDetector detector;
    private volatile @Nullable HealthChecker checker;

    ClusterHealth(HealthContext context) {
        this.context = context;
    }

    /// What asks the endpoints how they are, null where nobody wants to know.
    ///
    /// @throws GeneralSecurityException when a certificate or key is malformed, with its name
    @Nullable HealthChecker checker(Upstream upstream, Transport transport)
            throws GeneralSecurityException {
        Upstream.Attached<HealthCheck> policy = upstream.attached(HealthCheck.class);
        if (policy == null) {
            return null;
        }
        Upstream.Protocol protocol = protocol(policy.section().question(), transport.protocol());
        HealthChecker known = checker;
        return known != null && known.follows(policy, transport, protocol)
                ? known
                : new HealthChecker(policy, transport.speaking(protocol), context);
    }

    /// What a probe speaks to endpoints that are sent that.
    private static Upstream.Protocol protocol(HealthCheck.Probe probe, Upstream.Protocol sent) {
        return switch (probe) {
            case HealthCheck.Probe.Http _ ->
                    sent == Upstream.Protocol.TCP ? Upstream.Protocol.HTTP1 : sent;
            case HealthCheck.Probe.Grpc _ -> Upstream.Protocol.HTTP2;
            case HealthCheck.Probe.Tcp _ -> sent;
        };
    }

    /// Takes over the policies and endpoints of a cluster.
    ///
    /// @param asking of [#checker]
    void update(Upstream upstream, @Nullable HealthChecker asking, Collection<EndpointHealth> all) {
        watch(upstream.attached(OutlierDetection.class), all);
        checker = asking;
        all.forEach(endpoint -> endpoint.checkedBy(asking));
    }

    private void watch(
            Upstream.@Nullable Attached<OutlierDetection> policy, Collection<EndpointHealth> all) {
        OutlierDetector current = detector;
        if (current != null && (policy == null || !current.follows(policy))) {
            current.close();
            current = null;
        }
        if (current == null && policy != null) {
            current = new OutlierDetector(policy, context);
        }
        detector = current;
        for (EndpointHealth endpoint : all) {
            endpoint.watchedBy(current);
        }
        if (current != null) {
            current.attach(
                    all.stream()
                            .map(endpoint -> Objects.requireNonNull(endpoint.outlier()))
                            .toArray(OutlierState[]::new));
        }
    }

    /// Those that are too many avoided now may be picked again.
    void endpointsChanged() {
        if (detector != null) {
            detector.endpointsChanged();
        }
    }

    /// Nobody watches or asks any more.
    void close(Collection<EndpointHealth> all) {
        watch(null, all);
        checker = null;
        all.forEach(endpoint -> endpoint.checkedBy(null));
    }
}
