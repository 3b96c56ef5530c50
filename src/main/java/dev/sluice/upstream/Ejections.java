package dev.sluice.upstream;

import dev.sluice.barrier.Barrier;
import dev.sluice.ir.OutlierDetection;
import dev.sluice.ir.Upstream;
import dev.sluice.upstream.Workers.Worker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ejects endpoints of one backend that fail, and takes them back when they answer. An ejected one
/// is left alone for a time; then connections to it are tried until one is opened, and closed at
/// once. No other endpoint is probed: requests tell enough of them.
///
/// All of it happens on one event loop; outcomes come from any.
final class Ejections {

    private static final Logger LOG = LoggerFactory.getLogger(Ejections.class);
    private static final int ALL = 100;
    private static final Barrier.Owner OWNER = Barrier.only("outlier");

    private final OutlierDetection section;
    private final boolean enforced;
    private final Cluster backend;
    private final Connector connector;
    private final Worker worker;
    private volatile boolean closed;

    /// @param policy where it is not enforced, it tells what it would do, and endpoints are picked
    Ejections(Upstream.Attached<OutlierDetection> policy, Cluster backend, Connector connector) {
        this.section = policy.section();
        this.enforced = policy.enforced();
        this.backend = backend;
        this.connector = connector;
        this.worker = connector.anyWorker();
    }

    OutlierDetection section() {
        return section;
    }

    boolean isEnforced() {
        return enforced;
    }

    /// Whether it does what that policy says.
    boolean follows(Upstream.Attached<OutlierDetection> policy) {
        return section.equals(policy.section()) && enforced == policy.enforced();
    }

    /// Nothing is ejected any more, and nothing probed.
    void close() {
        closed = true;
    }

    /// The endpoints have changed: takes back those that are too many now, the first ejected first.
    void endpointsChanged() {
        Barrier.execute(worker.loop(), OWNER, this::takeBackExcess);
    }

    /// An endpoint has failed too often.
    void suspect(Outlier outlier, Outlier.Cause cause) {
        Barrier.execute(worker.loop(), OWNER, () -> eject(outlier, cause));
    }

    private boolean isWatched(Outlier outlier) {
        return !closed && outlier.endpoint().health().outlier() == outlier;
    }

    private void eject(Outlier outlier, Outlier.Cause cause) {
        EndpointPool[] all = backend.all();
        if (!isWatched(outlier) || outlier.isEjected() || ejected(all) >= most(all)) {
            return;
        }
        Duration time = outlier.eject(System.nanoTime());
        backend.healthChanged();
        backend.ejected(cause, enforced);
        LOG.warn(
                "{}: endpoint {} {} ejected for {} and until it answers: {} in a row failed",
                backend.id(),
                outlier.endpoint().address(),
                enforced ? "is" : "would be",
                time,
                switch (cause) {
                    case CONNECT -> section.connect() + " connections";
                    case GATEWAY_5XX -> section.gateway5xx() + " requests";
                });
        probeIn(outlier, time);
    }

    private static int ejected(EndpointPool[] all) {
        return (int) Arrays.stream(all).filter(Ejections::isEjected).count();
    }

    private static boolean isEjected(EndpointPool endpoint) {
        Outlier outlier = endpoint.health().outlier();
        return outlier != null && outlier.isEjected();
    }

    private int most(EndpointPool[] all) {
        return all.length * section.maxEjectedPercent() / ALL;
    }

    private void probeIn(Outlier outlier, Duration time) {
        var _ =
                Barrier.schedule(
                        worker.loop(), retrying(outlier), () -> probe(outlier), time.toNanos());
    }

    private void probe(Outlier outlier) {
        if (!isWatched(outlier) || !outlier.isEjected()) {
            return;
        }
        Barrier.whenDone(
                connector.probe(
                        worker,
                        outlier.endpoint().endpoint(),
                        backend.tuning().settings().connectTimeout()),
                retrying(outlier),
                opened -> {
                    if (opened.isSuccess()) {
                        comeBack(outlier, "answers");
                    } else {
                        probeIn(outlier, section.reprobe());
                    }
                });
    }

    /// A probe that fails for a reason of ours must not leave the endpoint ejected for ever.
    private Barrier.Owner retrying(Outlier outlier) {
        return Barrier.ending(OWNER.place(), () -> probeIn(outlier, section.reprobe()));
    }

    private void takeBackExcess() {
        EndpointPool[] all = backend.all();
        Arrays.stream(all)
                .filter(Ejections::isEjected)
                .map(endpoint -> Objects.requireNonNull(endpoint.health().outlier()))
                .sorted(Comparator.comparingLong(Outlier::since))
                .limit(Math.max(0, ejected(all) - most(all)))
                .forEach(outlier -> comeBack(outlier, "is needed"));
    }

    private void comeBack(Outlier outlier, String reason) {
        if (isWatched(outlier) && outlier.isEjected()) {
            long now = System.nanoTime();
            outlier.comeBack(now);
            if (enforced) {
                outlier.endpoint().newSince(now);
            }
            backend.healthChanged();
            LOG.info(
                    "{}: endpoint {} is back: it {}",
                    backend.id(),
                    outlier.endpoint().address(),
                    reason);
        }
    }
}
