package dev.sluice.policy.auth;

import com.github.benmanes.caffeine.cache.Cache;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

/// Judges sessions of people who logged in, and renews their tokens. Requests without a session that a browser
/// makes to show a page are sent to the provider; others, as of scripts, are refused.
final class OidcAuthenticator implements Authenticator {

    private static final Logger log = LoggerFactory.getLogger(OidcAuthenticator.class);

    /// Milliseconds before their end at which tokens are renewed.
    private static final long EARLY = 30_000;

    private static final Duration KEPT = Duration.ofMinutes(10);

    /// How long requests with the cookie of before find the tokens that it was renewed to: providers may take
    /// a refresh token once only.
    private static final Duration RENEWED = Duration.ofMinutes(1);

    private final Oidc section;
    private final OidcProvider provider;
    private final SealedCookies cookies;
    private final OidcPages pages;
    private final Cache<TokenHash, Known> known = TokenHash.cache(KEPT);
    private final Cache<TokenHash, OidcSession> renewed = TokenHash.cache(RENEWED);

    private record Known(OidcSession session, Outcome.Accepted accepted) {}

    /// @param policy to which its seals are bound
    OidcAuthenticator(Oidc section, String policy, OidcProvider provider) {
        Seal seal = new Seal(section.session().keys());
        this.section = section;
        this.provider = provider;
        this.cookies = new SealedCookies(seal, section.session().cookie(), "session of " + policy);
        this.pages = new OidcPages(section, policy, seal, provider, cookies);
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
    public Outcome judge(Exchange exchange) {
        Outcome page = pages.answer(exchange);
        if (page != null) {
            return page;
        }
        String sealed = cookies.sealed(exchange);
        Known found = sealed == null ? null : known(sealed, exchange);
        long now = System.currentTimeMillis();
        if (found == null || found.session().until() <= now) {
            return Outcome.Absent.ABSENT;
        }
        OidcSession session = found.session();
        if (now < session.fresh() - EARLY) {
            return found.accepted();
        }
        if (session.refreshToken() != null) {
            return new Outcome.Pending(() -> renew(session, exchange));
        }
        // Without a way to renew them the tokens are of use until their end, to us beyond it.
        return now < session.fresh() || !section.relay() ? found.accepted() : Outcome.Absent.ABSENT;
    }

    @Override
    public @Nullable Outcome unidentified(Exchange exchange) {
        return Navigation.is(exchange.request()) ? pages.login(exchange) : null;
    }

    private @Nullable Known known(String sealed, Exchange exchange) {
        TokenHash hash =
                TokenHash.of(exchange.clientScheme() + "\n" + exchange.host() + "\n" + sealed);
        Known before = known.getIfPresent(hash);
        if (before != null) {
            return before;
        }
        OidcSession session = OidcSession.of(cookies.open(sealed, exchange));
        if (session == null) {
            return null;
        }
        Known now = new Known(session, accepted(session));
        known.put(hash, now);
        return now;
    }

    private Outcome.Accepted accepted(OidcSession session) {
        Identity identity = Claims.identity("oidc", session.claims());
        List<Outcome.Field> fields =
                new ArrayList<>(Claims.fields(identity, section.claimToHeaders()));
        if (section.relay()) {
            fields.add(new Outcome.Field("authorization", "Bearer " + session.accessToken()));
        }
        return new Outcome.Accepted(identity, fields, cookies);
    }

    /// By a virtual thread.
    private Outcome renew(OidcSession session, Exchange exchange) throws Exception {
        TokenHash hash = TokenHash.of(Objects.requireNonNull(session.refreshToken()));
        try {
            OidcSession next = renewed.get(hash, _ -> refreshed(session));
            List<String> set = pages.remember(next, exchange);
            return set == null ? pages.tooLong() : new Outcome.Renewed(accepted(next), set);
        } catch (OAuth2AuthorizationException | BadJwtException e) {
            if (OidcPages.isAway(e)) {
                return pages.away(e);
            }
            log.debug("{}: a session is not renewed: {}", section.issuer(), e.getMessage());
            Outcome login = unidentified(exchange);
            return login instanceof Outcome.Pending(var work)
                    ? work.call()
                    : new Outcome.Refused(401, null, "the session has ended");
        } catch (JwtException _) {
            return OidcPages.AWAY; // its keys cannot be fetched, which has been told
        } catch (Unreachable e) {
            return pages.away(e);
        }
    }

    private OidcSession refreshed(OidcSession session) {
        try {
            return provider.refreshed(session);
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
