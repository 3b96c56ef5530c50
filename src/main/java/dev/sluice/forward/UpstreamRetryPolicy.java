package dev.sluice.forward;

import dev.sluice.http.Failure;
import dev.sluice.ir.Retry;
import dev.sluice.upstream.RetryBudget;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// When a request is sent again, decided for each rule. There are two reasons.
///
/// - Nothing of it was processed: an endpoint took no connection, a pooled connection was closed
///   just before it was used, or the backend says so. Then another connection is tried at once, a
///   few times, and it counts as one try.
/// - It came to nothing, or to a status that the rule lists (GEP-1731). Then it is a retry, after a
///   back-off, as often as the rule says and as the budget of the backend has it (GEP-3388).
///
/// @param retry of the rule, null for none
public record UpstreamRetryPolicy(@Nullable Retry retry) {

    /// Of rules without retries.
    public static final UpstreamRetryPolicy NONE = new UpstreamRetryPolicy(null);

    /// Connections for one try of a request.
    private static final int MAX_CONNECTIONS = 3;

    /// Doublings of the back-off.
    private static final int MAX_DOUBLINGS = 5;

    /// Methods that may be sent again when a connection broke before an answer (RFC 9110 9.2.2).
    private static final Set<String> IDEMPOTENT =
            Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /// What becomes of a request that came to something.
    enum Decision {
        /// It is sent again.
        RETRY,
        /// It would be sent again if the backend had a retry left: the answer is 503.
        SPENT,
        /// What it came to is the answer.
        NONE
    }

    /// Whether another endpoint is tried in place of one that took no connection.
    ///
    /// @param connections tried for this try
    /// @param endpoints of the backend
    boolean isTriedElsewhere(int connections, int endpoints) {
        return connections < Math.min(MAX_CONNECTIONS, endpoints);
    }

    /// Whether a request without a body, which has no answer, is sent again on another connection.
    ///
    /// @param reused whether its connection had served before
    /// @param connections tried for this try
    boolean isReplayable(Failure failure, String method, boolean reused, int connections) {
        boolean harmless =
                failure == Failure.UNPROCESSED
                        || failure == Failure.RESET && reused && IDEMPOTENT.contains(method);
        return harmless && connections < MAX_CONNECTIONS;
    }

    /// Decides on a response with that status.
    ///
    /// @param retries that the request had
    /// @param budget of the backend, null for no limit
    Decision afterStatus(int status, int retries, @Nullable RetryBudget budget) {
        return retry != null && retry.codes().contains(status) && retries < retry.attempts()
                ? take(budget)
                : Decision.NONE;
    }

    /// Decides on a failure before any answer.
    ///
    /// @param retries that the request had
    /// @param budget of the backend, null for no limit
    Decision afterFailure(Failure failure, int retries, @Nullable RetryBudget budget) {
        return retry != null && mayHeal(failure) && retries < retry.attempts()
                ? take(budget)
                : Decision.NONE;
    }

    /// Whether another try may end better (GEP-1731: connection errors and time-outs).
    private static boolean mayHeal(Failure failure) {
        return failure.isOfBackend()
                && failure != Failure.BAD_RESPONSE
                && failure != Failure.REQUEST_TIMEOUT;
    }

    private static Decision take(@Nullable RetryBudget budget) {
        return switch (budget == null ? null : budget.take()) {
            case null -> Decision.RETRY;
            case LAST_ANSWER -> Decision.NONE;
            case UNAVAILABLE -> Decision.SPENT;
        };
    }

    /// Nanoseconds before a retry: the back-off doubled with each one, and up to half of it on top
    /// by chance, so that clients do not return in step.
    ///
    /// @param retries that the request had before
    long backoff(int retries) {
        long least =
                retry == null ? 0 : retry.backoff().toNanos() << Math.min(retries, MAX_DOUBLINGS);
        return least == 0 ? 0 : least + ThreadLocalRandom.current().nextLong(least / 2 + 1);
    }
}
