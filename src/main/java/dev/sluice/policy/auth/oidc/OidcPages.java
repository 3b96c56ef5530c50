package dev.sluice.policy.auth.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.LocalReply;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Cookies;
import dev.sluice.policy.auth.authentication.TokenHash;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

/// What section `oidc` answers itself: the way to the provider, the way back, and the way out.
/// Nobody is ever sent anywhere but to the provider, or back to the host that was asked.
final class OidcPages {

    private static final Logger log = LoggerFactory.getLogger(OidcPages.class);

    private static final AsciiString FETCH_SITE = AsciiString.cached("sec-fetch-site");
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");

    static final AuthenticationResult AWAY =
            AuthenticationResult.Refused.unavailable("the identity provider cannot be asked");

    /// Logins that a browser may have open.
    private static final int MOST_LOGINS = 4;

    private final Oidc section;
    private final String purpose;
    private final Seal seal;
    private final OidcProvider provider;
    private final SessionStore sessionStore;

    private final @Nullable BackchannelLogout backchannel;

    /// States that came back to this replica.
    private final Cache<TokenHash, Boolean> used =
            TokenHash.cache(Duration.ofSeconds(OidcLogin.SECONDS));

    private volatile boolean isAway;

    OidcPages(
            Oidc section,
            String policy,
            Seal seal,
            OidcProvider provider,
            SessionStore sessionStore) {
        this.section = section;
        this.purpose = "login of " + policy;
        this.seal = seal;
        this.provider = provider;
        this.sessionStore = sessionStore;
        this.backchannel =
                sessionStore instanceof RedisSessionStore kept
                        ? new BackchannelLogout(section.issuer(), provider, kept)
                        : null;
    }

    /// The answer to a request for one of the pages, null for others.
    @Nullable AuthenticationResult answer(Exchange exchange) {
        if (exchange.path().equals(section.paths().callback())) {
            return callback(exchange);
        }
        if (exchange.path().equals(section.paths().logout())) {
            return logout(exchange);
        }
        return backchannel != null && exchange.path().equals(section.paths().backchannelLogout())
                ? backchannel.answer(exchange)
                : null;
    }

    private static String base(Exchange exchange) {
        return exchange.clientScheme() + "://" + exchange.request().authority();
    }

    private String loginPrefix() {
        return section.session().cookie() + "-login-";
    }

    /// A cookie of its own for each login, so that several tabs do not disturb each other.
    private SealedCookies loginCookies(String state) {
        return new SealedCookies(
                seal, loginPrefix() + state.substring(0, 8), purpose + "\n" + state);
    }

    /// Sends a browser to the provider, unless its session could not be kept then.
    AuthenticationResult login(Exchange exchange) {
        if (sessionStore.isUnavailable()) {
            return SessionStoreUnavailable.AWAY;
        }
        String base = base(exchange);
        String target = exchange.request().target();
        return new AuthenticationResult.Pending(() -> {
            OidcLogin login = OidcLogin.begin(target);
            SealedCookies own = loginCookies(login.state());
            List<String> set = own.set(login.text(), OidcLogin.SECONDS, exchange);
            if (set == null) {
                return new AuthenticationResult.Refused(
                        414, null, "the target is too long to come back to");
            }
            set.addAll(abandoned(exchange));
            try {
                String to = provider.authorization(login, base + section.paths().callback());
                return there(redirect(to, set));
            } catch (IOException e) {
                return away(e);
            }
        });
    }

    /// Removes the cookies of logins that were begun and not ended, when there are many.
    private List<String> abandoned(Exchange exchange) {
        List<String> states = new ArrayList<>();
        for (String pair : Cookies.pairs(exchange.request())) {
            int at = pair.indexOf(loginPrefix());
            int end = pair.indexOf('=');
            if (at >= 0 && end == at + loginPrefix().length() + 8) {
                states.add(pair.substring(end - 8, end));
            }
        }
        return states.size() < MOST_LOGINS
                ? List.of()
                : states.stream()
                        .flatMap(state -> loginCookies(state).clear(exchange).stream())
                        .toList();
    }

    private AuthenticationResult callback(Exchange exchange) {
        if (!exchange.method().equals("GET")) {
            return new AuthenticationResult.Refused(405, null, "the provider comes back by GET");
        }
        Map<String, List<String>> query =
                new QueryStringDecoder("?" + exchange.query()).parameters();
        exchange.target(section.paths().callback()); // the code is nobody's business in a log
        String state = one(query, "state");
        OidcLogin login = state == null || state.length() < 8 ? null : begun(state, exchange);
        if (state == null || login == null) {
            return new AuthenticationResult.Refused(
                    400,
                    null,
                    "this login was not begun here, or took too long: open the page again");
        }
        if (sessionStore.isUnavailable()) {
            return SessionStoreUnavailable.AWAY; // the login is good for another try
        }
        if (used.asMap().putIfAbsent(TokenHash.of(state), true) != null) {
            return new AuthenticationResult.Refused(400, null, "this login was used before");
        }
        String error = one(query, "error");
        String code = one(query, "code");
        if (error != null || code == null) {
            return new AuthenticationResult.Refused(
                    403,
                    null,
                    "the identity provider refused the login: "
                            + (error != null && ERROR.matcher(error).matches()
                                    ? error
                                    : "no code"));
        }
        String base = base(exchange);
        String issuer = one(query, "iss");
        return new AuthenticationResult.Pending(
                () -> loggedIn(login, code, issuer, base, exchange));
    }

    private static @Nullable String one(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.size() == 1 ? values.getFirst() : null;
    }

    private @Nullable OidcLogin begun(String state, Exchange exchange) {
        SealedCookies own = loginCookies(state);
        String sealed = own.sealed(exchange);
        OidcLogin login = sealed == null ? null : OidcLogin.of(own.open(sealed, exchange));
        return login != null
                        && login.until() > System.currentTimeMillis()
                        && MessageDigest.isEqual(
                                login.state().getBytes(StandardCharsets.UTF_8),
                                state.getBytes(StandardCharsets.UTF_8))
                ? login
                : null;
    }

    private AuthenticationResult loggedIn(
            OidcLogin login, String code, @Nullable String issuer, String base, Exchange exchange)
            throws InterruptedException {
        try {
            if (!provider.isFrom(issuer)) {
                return new AuthenticationResult.Refused(
                        400, null, "the answer is of another issuer");
            }
            OidcSession session = provider.session(login, code, base + section.paths().callback());
            List<String> set = new ArrayList<>(sessionStore.begin(session, exchange));
            set.addAll(loginCookies(login.state()).clear(exchange));
            return there(redirect(base + login.target(), set));
        } catch (SessionStoreUnavailable e) {
            return e.outcome();
        } catch (OAuth2AuthorizationException | BadJwtException e) {
            if (isAway(e)) {
                return away(e);
            }
            log.warn("{}: a login failed: {}", section.issuer(), e.getMessage());
            return new AuthenticationResult.Refused(403, null, "the login failed");
        } catch (JwtException _) {
            return AWAY; // its keys cannot be fetched, which has been reported
        } catch (IOException e) {
            return away(e);
        }
    }

    private AuthenticationResult logout(Exchange exchange) {
        if ("cross-site".equals(exchange.request().headers().get(FETCH_SITE))) {
            return new AuthenticationResult.Refused(403, null, "another site may not log out");
        }
        String back = base(exchange) + section.paths().afterLogout();
        return sessionStore.find(
                exchange,
                storedSession ->
                        new AuthenticationResult.Pending(
                                () -> loggedOut(storedSession, back, exchange)));
    }

    private AuthenticationResult loggedOut(
            SessionStore.@Nullable StoredSession storedSession, String back, Exchange exchange)
            throws InterruptedException {
        try {
            List<String> cleared = sessionStore.end(storedSession, exchange);
            try {
                String to =
                        provider.endSession(
                                storedSession == null ? null : storedSession.session(), back);
                return there(redirect(to, cleared));
            } catch (IOException e) {
                AuthenticationResult _ = away(e);
                return new AuthenticationResult.Answered(redirect(back, cleared));
            }
        } catch (SessionStoreUnavailable e) {
            return e.outcome();
        }
    }

    /// Whether the provider could not be asked, and not refused.
    static boolean isAway(Exception e) {
        return e instanceof OAuth2AuthorizationException refusal
                && refusal.getError().getErrorCode().equals("invalid_token_response");
    }

    AuthenticationResult away(Exception e) {
        if (!isAway) {
            isAway = true;
            log.warn("{}: cannot be asked: {}", section.issuer(), e.toString());
        }
        return AWAY;
    }

    private AuthenticationResult there(LocalReply localReply) {
        if (isAway) {
            isAway = false;
            log.info("{}: answers again", section.issuer());
        }
        return new AuthenticationResult.Answered(localReply);
    }

    private static LocalReply redirect(String to, List<String> cookies) {
        LocalReply localReply = LocalReply.empty(302);
        HttpHeaders headers = localReply.head().headers();
        headers.set(HttpHeaderNames.LOCATION, to);
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        cookies.forEach(cookie -> headers.add(HttpHeaderNames.SET_COOKIE, cookie));
        return localReply;
    }
}
