package dev.sluice.upstream;

import dev.sluice.http.Failure;
import org.jspecify.annotations.Nullable;

/// Whether an endpoint may be picked. Outcomes on any event loop come here; who watches them is set
/// under the lock of [Cluster].
final class EndpointHealth {

    private volatile @Nullable Outlier outlier;
    private volatile @Nullable EndpointHealthCheck check;

    /// Who watches the outcomes, null when nobody does.
    @Nullable Outlier outlier() {
        return outlier;
    }

    void outlier(@Nullable Outlier next) {
        outlier = next;
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
        Outlier watched = outlier;
        EndpointHealthCheck asked = check;
        return watched != null && watched.isAvoided() || asked != null && asked.isAvoided();
    }

    /// A connection was opened.
    void connected() {
        Outlier watched = outlier;
        if (watched != null) {
            watched.connected();
        }
    }

    /// A connection could not be opened.
    void notConnected() {
        Outlier watched = outlier;
        if (watched != null) {
            watched.notConnected();
        }
    }

    /// A response has begun.
    void answered(int status) {
        Outlier watched = outlier;
        if (watched != null) {
            watched.answered(status);
        }
    }

    /// There was a connection, and no response.
    void failed(Failure failure) {
        Outlier watched = outlier;
        if (watched != null) {
            watched.failed(failure);
        }
    }
}
