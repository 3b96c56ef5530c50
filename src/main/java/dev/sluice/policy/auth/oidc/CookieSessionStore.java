package dev.sluice.policy.auth.oidc;

import dev.sluice.engine.Exchange;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions that browsers keep themselves, sealed. Nothing waits, and nothing can be taken back.
final class CookieSessionStore implements SessionStore {

    private static final Logger log = LoggerFactory.getLogger(CookieSessionStore.class);

    private final Oidc section;
    private final SealedCookies cookies;
    private final SessionCache opened;

    /// @param policy to which the seals are bound
    CookieSessionStore(Oidc section, String policy, Seal seal) {
        this.section = section;
        this.cookies = new SealedCookies(seal, section.session().cookie(), "session of " + policy);
        this.opened = new SessionCache(section, cookies.cookies());
    }

    @Override
    public AuthenticationResult find(
            Exchange exchange, Function<@Nullable StoredSession, AuthenticationResult> judge) {
        String sealed = cookies.sealed(exchange);
        SessionCache.Opened found =
                sealed == null
                        ? null
                        : opened.open(
                                SessionCache.place(exchange) + "\n" + sealed,
                                () -> cookies.open(sealed, exchange));
        return judge.apply(
                found == null ? null : new StoredSession("", found.session(), found.accepted()));
    }

    @Override
    public List<String> begin(OidcSession session, Exchange exchange) {
        long seconds = Math.max(0, session.until() - System.currentTimeMillis()) / 1000;
        List<String> set = cookies.set(session.text(), seconds, exchange);
        if (set == null) {
            log.error(
                    "{}: the tokens of a session are too long for cookies; ask for fewer scopes, let the"
                            + " provider put less into its tokens, or keep sessions in Redis",
                    section.issuer());
            throw SessionStoreUnavailable.tooLong("the session is too long for cookies");
        }
        return set;
    }

    @Override
    public List<String> renew(StoredSession storedSession, OidcSession next, Exchange exchange) {
        return begin(next, exchange);
    }

    @Override
    public @Nullable OidcSession renewedElsewhere(StoredSession storedSession, Exchange exchange) {
        return null; // the browser has it, and this request was on its way before
    }

    @Override
    public List<String> end(@Nullable StoredSession storedSession, Exchange exchange) {
        return cookies.clear(exchange);
    }

    @Override
    public AuthenticationResult.Accepted accepted(OidcSession session) {
        return opened.accepted(session);
    }

    @Override
    public boolean isUnavailable() {
        return false;
    }
}
