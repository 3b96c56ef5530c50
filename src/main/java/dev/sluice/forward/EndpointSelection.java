package dev.sluice.forward;

import dev.sluice.engine.Exchange;
import dev.sluice.forward.StickySessions.HeldSession;
import dev.sluice.http.Failure;
import dev.sluice.http.ResponseHead;
import dev.sluice.upstream.Cluster;
import dev.sluice.upstream.RetryBudget;
import dev.sluice.upstream.pool.EndpointPool;
import dev.sluice.upstream.pool.StreamRequest;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// Where one request goes: a backend of its rule, and an endpoint for each connection that is
/// tried.
final class EndpointSelection {

    private final RuleBackends rule;
    private final Exchange exchange;
    private @Nullable HeldSession heldSession;
    private @Nullable Cluster backend;
    private @Nullable EndpointPool endpoint;
    private int tries;
    private boolean diverted;

    EndpointSelection(RuleBackends rule, Exchange exchange) {
        this.rule = rule;
        this.exchange = exchange;
    }

    /// The backend of the client's session, else one by its share; null when the rule has none.
    @Nullable Target choose() {
        Target chosen = target();
        if (chosen instanceof Target.ToCluster(_, Cluster to, _, _, _)) {
            backend = to;
        }
        return chosen;
    }

    private @Nullable Target target() {
        StickySessions stickySessions = rule.stickySessions();
        if (stickySessions != null) {
            heldSession = stickySessions.find(exchange.request());
            if (heldSession != null) {
                Target known = rule.targets().holding(heldSession.token());
                if (known != null) {
                    return known;
                }
            }
        }
        return rule.targets().pick();
    }

    /// Goes to another backend, which is none of the rule: sessions end there.
    void divert(Cluster to) {
        backend = to;
        heldSession = null;
        endpoint = null;
        diverted = true;
    }

    /// Whether somebody wants to know how tries at the endpoint end.
    boolean isWatched() {
        return endpoint != null && endpoint.isWatched();
    }

    /// Begins a try of the request.
    ///
    /// @param again whether it is a retry, which the budget has counted
    void restart(boolean again) {
        tries = 0;
        RetryBudget budget = budget();
        if (budget != null && !again) {
            budget.tried();
        }
    }

    /// The retries that the backend may get, null for no limit.
    @Nullable RetryBudget budget() {
        Cluster to = backend;
        return to == null ? null : to.retries();
    }

    /// Nanoseconds that a try may take, as rule and backend have it; 0 for no limit.
    long timeout() {
        long ofRule = rule.timeout();
        long ofBackend = backend == null ? 0 : backend.streamTimeout();
        return ofRule == 0 || ofBackend == 0
                ? Math.max(ofRule, ofBackend)
                : Math.min(ofRule, ofBackend);
    }

    /// Connections tried for this try of the request.
    int tries() {
        return tries;
    }

    /// The session's endpoint for the first connection; another one when that has failed. Null when
    /// there is none.
    @Nullable EndpointPool next() {
        Cluster to = backend;
        return to == null ? null : tried(next(to));
    }

    private @Nullable EndpointPool next(Cluster to) {
        EndpointPool known = endpoint == null ? ofSession(to) : null;
        return known == null ? to.pick(endpoint, exchange) : known;
    }

    private @Nullable EndpointPool ofSession(Cluster to) {
        return heldSession == null ? null : to.withToken(heldSession.token());
    }

    private @Nullable EndpointPool tried(@Nullable EndpointPool next) {
        endpoint = next;
        if (next != null) {
            tries++;
            exchange.tried(next);
        }
        return next;
    }

    /// The endpoint in place of one that took no connection; null when there is none, or were
    /// enough. In place of one that is full it is one with room; a session stays where it is.
    ///
    /// @param atOnce whether the request has not waited yet
    @Nullable EndpointPool instead(
            Failure refusal, boolean atOnce, EventLoop loop, StreamRequest request) {
        Cluster to = backend;
        if (to == null) {
            return null;
        }
        if (refusal != Failure.OVERLOADED) {
            return rule.retryPolicy().isTriedElsewhere(tries, to.size()) ? next() : null;
        }
        boolean free = atOnce && (heldSession == null || endpoint != ofSession(to));
        return free ? tried(to.withRoom(loop, request)) : null;
    }

    /// The endpoint that was tried last has answered.
    void answered(int status) {
        if (endpoint != null) {
            endpoint.answered(status);
        }
    }

    /// The endpoint that was tried last took the request, and will not answer.
    void failed(Failure failure) {
        if (endpoint != null) {
            endpoint.failed(failure);
        }
    }

    /// Tells the client its session.
    void onResponseHead(ResponseHead head) {
        StickySessions stickySessions = rule.stickySessions();
        if (stickySessions != null && endpoint != null && !diverted) {
            stickySessions.onResponse(exchange, head, heldSession, endpoint.token());
        }
    }
}
