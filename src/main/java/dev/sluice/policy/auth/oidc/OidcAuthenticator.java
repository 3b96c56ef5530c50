package dev.sluice.policy.auth.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import dev.sluice.engine.Exchange;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Authenticator;
import dev.sluice.policy.auth.authentication.Claims;
import dev.sluice.policy.auth.authentication.TokenHash;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

/// Judges sessions of people who logged in, and renews their tokens. Requests without a session
/// that a browser makes to show a page are sent to the provider; others, as of scripts, are
/// refused.
public final class OidcAuthenticator implements Authenticator {

    private static final Logger log = LoggerFactory.getLogger(OidcAuthenticator.class);

    /// Milliseconds before their end at which tokens are renewed.
    private static final long EARLY = 30_000;

    /// How long requests that came with the tokens of before find those that they were renewed to,
    /// or that they were not: providers may take a refresh token once only.
    private static final Duration RENEWED = Duration.ofMinutes(1);

    private final Oidc section;
    private final OidcProvider provider;
    private final SessionStore sessionStore;
    private final OidcPages pages;

    /// By the hash of a refresh token; empty where the provider did not go on with it.
    private final Cache<TokenHash, Optional<OidcSession>> renewed = TokenHash.cache(RENEWED);

    /// @param policy to which its seals are bound
    /// @param link to Redis, null when there is none
    public OidcAuthenticator(
            Oidc section, String policy, OidcProvider provider, @Nullable SessionLink link) {
        Seal seal = new Seal(section.session().keys());
        this.section = section;
        this.provider = provider;
        this.sessionStore =
                switch (section.session().store()) {
                    case Oidc.Store.Cookie _ -> new CookieSessionStore(section, policy, seal);
                    case Oidc.Store.Redis redis -> {
                        SessionLink to = Objects.requireNonNull(link, "no Redis is set");
                        RedisSessionStore kept =
                                new RedisSessionStore(section, redis, policy, seal, to);
                        to.add(kept);
                        yield kept;
                    }
                };
        this.pages = new OidcPages(section, policy, seal, provider, sessionStore);
    }

    @Override
    public String scheme() {
        return "";
    }

    @Override
    public Set<String> fields() {
        return Claims.headers(section.claimToHeaders());
    }

    @Override
    public AuthenticationResult resume(Exchange exchange) {
        AuthenticationResult page = pages.answer(exchange);
        return page != null
                ? page
                : sessionStore.find(exchange, storedSession -> resume(storedSession, exchange));
    }

    private AuthenticationResult resume(
            SessionStore.@Nullable StoredSession storedSession, Exchange exchange) {
        long now = System.currentTimeMillis();
        if (storedSession == null || storedSession.session().until() <= now) {
            return AuthenticationResult.Absent.ABSENT;
        }
        OidcSession session = storedSession.session();
        if (now < session.fresh() - EARLY) {
            return storedSession.accepted();
        }
        if (session.refreshToken() != null) {
            return new AuthenticationResult.Pending(() -> renew(storedSession, exchange));
        }
        // Without a way to renew them the tokens are of use until their end, to us beyond it.
        return now < session.fresh() || !section.relay()
                ? storedSession.accepted()
                : AuthenticationResult.Absent.ABSENT;
    }

    @Override
    public @Nullable AuthenticationResult unidentified(Exchange exchange) {
        return Navigation.is(exchange.request()) ? pages.login(exchange) : null;
    }

    /// By a virtual thread.
    private AuthenticationResult renew(SessionStore.StoredSession storedSession, Exchange exchange)
            throws Exception {
        TokenHash hash =
                TokenHash.of(Objects.requireNonNull(storedSession.session().refreshToken()));
        try {
            OidcSession next =
                    renewed.get(hash, _ -> refreshed(storedSession, exchange)).orElse(null);
            List<String> set =
                    next == null ? null : sessionStore.renew(storedSession, next, exchange);
            return next == null || set == null
                    ? ended(exchange)
                    : new AuthenticationResult.Renewed(sessionStore.accepted(next), set);
        } catch (SessionStoreUnavailable e) {
            return e.outcome();
        } catch (OAuth2AuthorizationException e) {
            return pages.away(e);
        } catch (JwtException _) {
            return OidcPages.AWAY; // its keys cannot be fetched, which has been reported
        } catch (Unreachable e) {
            return pages.away(e);
        }
    }

    private AuthenticationResult ended(Exchange exchange) throws Exception {
        AuthenticationResult login = unidentified(exchange);
        return login instanceof AuthenticationResult.Pending(var work)
                ? work.call()
                : new AuthenticationResult.Refused(401, null, "the session has ended");
    }

    /// @return empty when the provider does not go on with the session
    private Optional<OidcSession> refreshed(
            SessionStore.StoredSession storedSession, Exchange exchange) {
        try {
            return Optional.of(provider.refreshed(storedSession.session()));
        } catch (OAuth2AuthorizationException | BadJwtException e) {
            if (OidcPages.isAway(e)) {
                throw e;
            }
            log.debug("{}: a session is not renewed: {}", section.issuer(), e.getMessage());
            return Optional.ofNullable(sessionStore.renewedElsewhere(storedSession, exchange));
        } catch (IOException e) {
            throw new Unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable(e);
        }
    }

    /// The provider cannot be asked.
    private static final class Unreachable extends RuntimeException {

        @java.io.Serial private static final long serialVersionUID = 1;

        Unreachable(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }
}
