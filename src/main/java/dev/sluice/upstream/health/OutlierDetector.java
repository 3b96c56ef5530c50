package dev.sluice.upstream.health;

import dev.sluice.barrier.Barrier;
import dev.sluice.ir.OutlierDetection;
import dev.sluice.ir.Upstream;
import dev.sluice.net.Workers.Worker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ejects endpoints of one backend that fail, and takes them back when they answer. An ejected one
/// is left alone for a time; then connections to it are tried until one is opened, and closed at
/// once. No other endpoint is probed: requests say enough of them.
///
/// All of it happens on one event loop; outcomes come from any.
public final class OutlierDetector {

    private static final Logger LOG = LoggerFactory.getLogger(OutlierDetector.class);
    private static final int ALL = 100;
    private static final Barrier.Owner OWNER = Barrier.only("outlier");

    private final OutlierDetection section;
    private final boolean enforced;
    private final HealthContext context;
    private final Worker worker;
    private volatile OutlierState[] all = {};
    private volatile boolean closed;

    /// @param policy where it is not enforced, it reports what it would do, and endpoints are
    ///   picked
    public OutlierDetector(Upstream.Attached<OutlierDetection> policy, HealthContext context) {
        this.section = policy.section();
        this.enforced = policy.enforced();
        this.context = context;
        this.worker = context.connector().anyWorker();
    }

    OutlierDetection section() {
        return section;
    }

    boolean isEnforced() {
        return enforced;
    }

    /// Whether it does what that policy says.
    public boolean follows(Upstream.Attached<OutlierDetection> policy) {
        return section.equals(policy.section()) && enforced == policy.enforced();
    }

    /// Nothing is ejected any more, and nothing probed.
    public void close() {
        closed = true;
    }

    /// Takes over the endpoints that it watches from now on.
    public void attach(OutlierState[] next) {
        all = next;
    }

    /// The endpoints have changed: takes back those that are too many now, the first ejected first.
    public void endpointsChanged() {
        Barrier.execute(worker.loop(), OWNER, this::takeBackExcess);
    }

    /// An endpoint has failed too often.
    void suspect(OutlierState outlierState, EjectionCause cause) {
        Barrier.execute(worker.loop(), OWNER, () -> eject(outlierState, cause));
    }

    private boolean isWatched(OutlierState outlierState) {
        return !closed && !outlierState.isEnded();
    }

    private void eject(OutlierState outlierState, EjectionCause cause) {
        OutlierState[] among = all;
        if (!isWatched(outlierState) || outlierState.isEjected() || ejected(among) >= most(among)) {
            return;
        }
        Duration time = outlierState.eject(System.nanoTime());
        context.listener().healthChanged();
        context.listener().ejected(cause, enforced);
        LOG.warn(
                "{}: endpoint {} {} ejected for {} and until it answers: {} in a row failed",
                context.cluster(),
                outlierState.endpoint(),
                enforced ? "is" : "would be",
                time,
                switch (cause) {
                    case CONNECT -> section.connect() + " connections";
                    case GATEWAY_5XX -> section.gateway5xx() + " requests";
                });
        probeIn(outlierState, time);
    }

    private static int ejected(OutlierState[] among) {
        return (int) Arrays.stream(among).filter(OutlierState::isEjected).count();
    }

    private int most(OutlierState[] among) {
        return among.length * section.maxEjectedPercent() / ALL;
    }

    private void probeIn(OutlierState outlierState, Duration time) {
        var _ =
                Barrier.schedule(
                        worker.loop(),
                        retrying(outlierState),
                        () -> probe(outlierState),
                        time.toNanos());
    }

    private void probe(OutlierState outlierState) {
        if (!isWatched(outlierState) || !outlierState.isEjected()) {
            return;
        }
        Barrier.whenDone(
                context.connector()
                        .probe(
                                worker,
                                outlierState.endpoint(),
                                context.settings().settings().connectTimeout()),
                retrying(outlierState),
                opened -> {
                    if (opened.isSuccess()) {
                        comeBack(outlierState, "answers");
                    } else {
                        probeIn(outlierState, section.reprobe());
                    }
                });
    }

    /// A probe that fails for a reason of ours must not leave the endpoint ejected for ever.
    private Barrier.Owner retrying(OutlierState outlierState) {
        return Barrier.ending(OWNER.place(), () -> probeIn(outlierState, section.reprobe()));
    }

    private void takeBackExcess() {
        OutlierState[] among = all;
        Arrays.stream(among)
                .filter(OutlierState::isEjected)
                .sorted(Comparator.comparingLong(OutlierState::since))
                .limit(Math.max(0, ejected(among) - most(among)))
                .forEach(outlierState -> comeBack(outlierState, "is needed"));
    }

    private void comeBack(OutlierState outlierState, String reason) {
        if (isWatched(outlierState) && outlierState.isEjected()) {
            outlierState.comeBack(System.nanoTime());
            if (enforced) {
                context.listener().recovered(outlierState.endpoint());
            }
            context.listener().healthChanged();
            LOG.info(
                    "{}: endpoint {} is back: it {}",
                    context.cluster(),
                    outlierState.endpoint(),
                    reason);
        }
    }
}
