package dev.sluice.upstream.health;

import dev.sluice.http.Failure;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.upstream.pool.EndpointListener;
import org.jspecify.annotations.Nullable;

/// Whether an endpoint may be picked. Outcomes on any event loop come here; who watches them, and
/// who asks the endpoint, is set by one thread at a time.
public final class EndpointHealth implements EndpointListener {

    private final Endpoint endpoint;
    private volatile @Nullable OutlierState outlierState;
    private volatile @Nullable EndpointHealthCheck check;

    public EndpointHealth(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /// Has outcomes watched by that detector, null for by none. What is known against the endpoint
    /// stays while the detector does.
    public void watchedBy(@Nullable OutlierDetector detector) {
        OutlierState watched = outlierState;
        if (watched != null && detector != null && watched.isOf(detector)) {
            return;
        }
        outlierState = detector == null ? null : new OutlierState(endpoint, detector);
        if (watched != null) {
            watched.end();
        }
    }

    /// Has the endpoint asked by that checker, null for by none. What is known of its health stays
    /// while the checker does.
    public void checkedBy(@Nullable HealthChecker checker) {
        EndpointHealthCheck asked = check;
        if (asked != null && (checker == null || !asked.isOf(checker))) {
            check = null;
            asked.end();
            asked = null;
        }
        if (asked == null && checker != null) {
            EndpointHealthCheck begun = checker.check(endpoint);
            check = begun;
            begun.begin();
        }
    }

    /// What is known of it as an outlier, null when nobody watches.
    public @Nullable OutlierState outlier() {
        return outlierState;
    }

    /// Whether another endpoint is to be picked, where there is one.
    public boolean isAvoided() {
        OutlierState watched = outlierState;
        EndpointHealthCheck asked = check;
        return watched != null && watched.isAvoided() || asked != null && asked.isAvoided();
    }

    @Override
    public boolean isActive() {
        return outlierState != null;
    }

    @Override
    public void connected() {
        OutlierState watched = outlierState;
        if (watched != null) {
            watched.connected();
        }
    }

    @Override
    public void connectFailed() {
        OutlierState watched = outlierState;
        if (watched != null) {
            watched.connectFailed();
        }
    }

    @Override
    public void responded(int status) {
        OutlierState watched = outlierState;
        if (watched != null) {
            watched.responded(status);
        }
    }

    @Override
    public void failed(Failure failure) {
        OutlierState watched = outlierState;
        if (watched != null) {
            watched.failed(failure);
        }
    }
}
