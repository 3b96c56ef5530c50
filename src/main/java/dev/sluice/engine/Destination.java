package dev.sluice.engine;

import dev.sluice.engine.Sessions.Session;
import dev.sluice.http.ResponseHead;
import dev.sluice.upstream.Balanced;
import dev.sluice.upstream.EndpointPool;
import org.jspecify.annotations.Nullable;

/// Where one request goes: a backend of its rule, and an endpoint for each try.
final class Destination {

    private final Exchange exchange;
    private final @Nullable Sessions sessions;
    private @Nullable Session session;
    private @Nullable Balanced backend;
    private @Nullable EndpointPool endpoint;

    Destination(Exchange exchange) {
        this.exchange = exchange;
        this.sessions = exchange.rule().sessions();
    }

    /// The backend of the client's session, else one by its share; null when the rule has none.
    @Nullable Target choose() {
        Target chosen = target();
        if (chosen instanceof Target.Forward(_, Balanced to, _, _)) {
            backend = to;
        }
        return chosen;
    }

    private @Nullable Target target() {
        Targets targets = exchange.rule().targets();
        if (sessions != null) {
            session = sessions.find(exchange.request());
            if (session != null) {
                Target known = targets.holding(session.token());
                if (known != null) {
                    return known;
                }
            }
        }
        return targets.pick();
    }

    /// The session's endpoint for the first try; another one when that has failed. Null when there is
    /// none.
    @Nullable EndpointPool next() {
        Balanced to = backend;
        endpoint = to == null ? null : next(to);
        return endpoint;
    }

    private @Nullable EndpointPool next(Balanced to) {
        if (session != null && endpoint == null) {
            EndpointPool known = to.withToken(session.token());
            if (known != null) {
                return known;
            }
        }
        return to.pick(endpoint);
    }

    /// How many endpoints there are to try.
    int size() {
        return backend == null ? 0 : backend.size();
    }

    /// Tells the client its session.
    void tell(ResponseHead head) {
        if (sessions != null && endpoint != null) {
            sessions.tell(exchange, head, session, endpoint.token());
        }
    }
}
