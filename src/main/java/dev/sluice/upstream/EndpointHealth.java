package dev.sluice.upstream;

import dev.sluice.http.Failure;
import org.jspecify.annotations.Nullable;

/// Whether an endpoint may be picked. Outcomes on any event loop come here; who watches them is set
/// under the lock of [Cluster].
final class EndpointHealth {

    private volatile @Nullable OutlierState outlierState;
    private volatile @Nullable EndpointHealthCheck check;

    /// Who watches the outcomes, null when nobody does.
    @Nullable OutlierState outlier() {
        return outlierState;
    }

    void outlier(@Nullable OutlierState next) {
        outlierState = next;
    }

    /// Who asks how it is, null when nobody does.
    @Nullable EndpointHealthCheck check() {
        return check;
    }

    void check(@Nullable EndpointHealthCheck next) {
        check = next;
    }

    /// Whether another endpoint is to be picked, where there is one.
    boolean isAvoided() {
        OutlierState watched = outlierState;
        EndpointHealthCheck asked = check;
        return watched != null && watched.isAvoided() || asked != null && asked.isAvoided();
    }

    /// A connection was opened.
    void connected() {
        OutlierState watched = outlierState;
        if (watched != null) {
            watched.connected();
        }
    }

    /// A connection could not be opened.
    void notConnected() {
        OutlierState watched = outlierState;
        if (watched != null) {
            watched.notConnected();
        }
    }

    /// A response has begun.
    void answered(int status) {
        OutlierState watched = outlierState;
        if (watched != null) {
            watched.answered(status);
        }
    }

    /// There was a connection, and no response.
    void failed(Failure failure) {
        OutlierState watched = outlierState;
        if (watched != null) {
            watched.failed(failure);
        }
    }
}
