package dev.sluice.upstream.health;

import dev.sluice.http.Failure;
import dev.sluice.ir.OutlierDetection;
import dev.sluice.ir.Upstream.Endpoint;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// What is known against one endpoint: what failed in a row, and whether it is ejected. Told of
/// outcomes on all event loops.
public final class OutlierState {

    /// Doublings of the time of an ejection.
    private static final int MAX_DOUBLINGS = 20;

    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private final Endpoint endpoint;
    private final OutlierDetector outlierDetector;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean ejected;
    private volatile boolean ended;
    private long since;
    private int doublings;
    private long back;

    OutlierState(Endpoint endpoint, OutlierDetector outlierDetector) {
        this.endpoint = endpoint;
        this.outlierDetector = outlierDetector;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /// Nobody watches it any more.
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isEjected() {
        return ejected;
    }

    /// Whether it is ejected, and by a policy that acts.
    boolean isAvoided() {
        return ejected && outlierDetector.isEnforced();
    }

    boolean isOf(OutlierDetector watcher) {
        return outlierDetector == watcher;
    }

    // Outcomes.

    /// A connection was opened.
    void connected() {
        forget(connections);
    }

    /// A connection could not be opened.
    void connectFailed() {
        failed(connections, outlierDetector.section().connect(), EjectionCause.CONNECT);
    }

    /// A response has begun.
    void responded(int status) {
        if (status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT) {
            failed(requests, outlierDetector.section().gateway5xx(), EjectionCause.GATEWAY_5XX);
        } else {
            forget(requests);
        }
    }

    /// There was a connection, and no response.
    void failed(Failure failure) {
        if (isOfEndpoint(failure)) {
            failed(requests, outlierDetector.section().gateway5xx(), EjectionCause.GATEWAY_5XX);
        }
    }

    /// Connections are counted on their own, and a backend that ends a connection in good order is
    /// none to avoid.
    private static boolean isOfEndpoint(Failure failure) {
        return switch (failure) {
            case RESET, CANCELLED, BAD_RESPONSE, BACKEND_TIMEOUT, REQUEST_TIMEOUT -> true;
            default -> false;
        };
    }

    private static void forget(AtomicInteger inRow) {
        if (inRow.get() != 0) {
            inRow.set(0);
        }
    }

    private void failed(AtomicInteger inRow, int most, EjectionCause cause) {
        if (most > 0 && !ejected && inRow.incrementAndGet() >= most) {
            inRow.set(0); // where it cannot be ejected now, as many more have to fail
            outlierDetector.suspect(this, cause);
        }
    }

    // The ejection, on the event loop of [OutlierDetector].

    /// Begins an ejection.
    ///
    /// @param now as of [System#nanoTime()]
    /// @return how long nothing is asked of it: twice as long as the last time, unless that was
    ///   long ago
    Duration eject(long now) {
        OutlierDetection section = outlierDetector.section();
        boolean again = back != 0 && now - back < section.maxEjection().toNanos();
        doublings = again ? Math.min(doublings + 1, MAX_DOUBLINGS) : 0;
        since = now;
        ejected = true;
        Duration doubled = section.baseEjection().multipliedBy(1L << doublings);
        return doubled.compareTo(section.maxEjection()) < 0 ? doubled : section.maxEjection();
    }

    /// When the ejection began, as of [System#nanoTime()].
    long since() {
        return since;
    }

    /// Ends the ejection.
    void comeBack(long now) {
        connections.set(0);
        requests.set(0);
        back = now | 1;
        ejected = false;
    }
}
