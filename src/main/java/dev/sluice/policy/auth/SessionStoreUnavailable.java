package dev.sluice.policy.auth;

import java.io.Serial;

/// A session that cannot be found or kept: ends the work for a request, which gets its outcome.
final class SessionStoreUnavailable extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    static final Outcome.Refused AWAY =
            Outcome.Refused.unavailable("sessions cannot be looked up now");

    private final transient Outcome.Refused outcome;

    SessionStoreUnavailable(Outcome.Refused outcome) {
        super(outcome.reason(), null, false, false);
        this.outcome = outcome;
    }

    static SessionStoreUnavailable tooLong(String reason) {
        return new SessionStoreUnavailable(new Outcome.Refused(500, null, reason));
    }

    Outcome outcome() {
        return outcome;
    }
}
