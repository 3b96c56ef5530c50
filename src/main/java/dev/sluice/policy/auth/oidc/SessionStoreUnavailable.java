package dev.sluice.policy.auth.oidc;

import dev.sluice.policy.auth.authentication.AuthenticationResult;
import java.io.Serial;

/// A session that cannot be found or kept: ends the work for a request, which gets its outcome.
final class SessionStoreUnavailable extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    static final AuthenticationResult.Refused AWAY =
            AuthenticationResult.Refused.unavailable("sessions cannot be looked up now");

    private final transient AuthenticationResult.Refused outcome;

    SessionStoreUnavailable(AuthenticationResult.Refused outcome) {
        super(outcome.reason(), null, false, false);
        this.outcome = outcome;
    }

    static SessionStoreUnavailable tooLong(String reason) {
        return new SessionStoreUnavailable(new AuthenticationResult.Refused(500, null, reason));
    }

    AuthenticationResult outcome() {
        return outcome;
    }
}
