package dev.sluice.policy.auth.oidc;

import dev.sluice.engine.Exchange;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where sessions of people who have logged in are kept. What may throw [SessionStoreUnavailable]
/// may wait, too: that is for virtual threads.
sealed interface SessionStore permits CookieSessionStore, RedisSessionStore {

    /// A session that a request has.
    ///
    /// @param id of the session where it is kept, empty when the request itself holds it
    /// @param accepted what the backend receives of it
    record StoredSession(String id, OidcSession session, AuthenticationResult.Accepted accepted) {}

    /// Judges a request by its session, on its event loop or later by a virtual thread.
    ///
    /// @param judge gets null for no session
    AuthenticationResult find(
            Exchange exchange, Function<@Nullable StoredSession, AuthenticationResult> judge);

    /// Keeps the session of somebody who has logged in.
    ///
    /// @return values of `Set-Cookie`
    /// @throws Unkept when it cannot be kept
    List<String> begin(OidcSession session, Exchange exchange);

    /// Keeps a session with new tokens in the place of one that was found.
    ///
    /// @return values of `Set-Cookie`; null when the session was ended meanwhile
    /// @throws Unkept when it cannot be kept
    @Nullable List<String> renew(StoredSession storedSession, OidcSession next, Exchange exchange);

    /// The session with the tokens that another replica has renewed it to; null when none has.
    ///
    /// @throws Unkept when that cannot be known
    @Nullable OidcSession renewedElsewhere(StoredSession storedSession, Exchange exchange);

    /// Ends a session.
    ///
    /// @param storedSession null where the request has none
    /// @return values of `Set-Cookie`
    /// @throws Unkept when it cannot be ended
    List<String> end(@Nullable StoredSession storedSession, Exchange exchange);

    /// What the backend receives of a session.
    AuthenticationResult.Accepted accepted(OidcSession session);

    /// Whether no session can be found or kept now.
    boolean isUnavailable();
}
