package dev.sluice.policy.auth.oidc;

import dev.sluice.engine.Exchange;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions in Redis, of which browsers have an id that says nothing. What stands there is sealed,
/// and bound to the id, the host and the policy: who can write to Redis cannot give one user the
/// session of another.
///
/// A value is `FRESH.SEAL`, where `FRESH` tells which of two renewals by two replicas has the newer
/// tokens.
final class RedisSessionStore implements SessionStore, SessionLink.User {

    private static final Logger log = LoggerFactory.getLogger(RedisSessionStore.class);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 32;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");

    /// How long the tokens are waited for that another replica got for a refresh token which is
    /// good once.
    private static final int LOOKS = 20;

    private static final long PAUSE = Duration.ofMillis(50).toNanos();

    private static final String ENDED = "-1";

    /// Keeps newer tokens of a session that was not ended.
    private static final String RENEW =
            """
            local old = redis.call('GET', KEYS[1])
            if not old then
              return '-1'
            end
            if tonumber(string.match(old, '^%d+')) > tonumber(string.match(ARGV[1], '^%d+')) then
              return '0'
            end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return '1'
            """;

    private final Oidc section;
    private final Oidc.Store.Redis settings;
    private final String policy;
    private final Seal seal;
    private final SessionLink link;
    private final SessionKeys keys;
    private final SessionIndex index;
    private final HostCookies cookies;
    private final SessionCache opened;

    /// @param policy to which the seals are bound
    RedisSessionStore(
            Oidc section, Oidc.Store.Redis settings, String policy, Seal seal, SessionLink link) {
        this.section = section;
        this.settings = settings;
        this.policy = policy;
        this.seal = seal;
        this.link = link;
        this.keys = new SessionKeys(section, policy);
        this.index = new SessionIndex(keys, link);
        this.cookies = new HostCookies(section.session().cookie());
        this.opened = new SessionCache(section, cookies);
    }

    @Override
    public long timeoutNanos() {
        return settings.timeout().toNanos();
    }

    @Override
    public AuthenticationResult find(
            Exchange exchange, Function<@Nullable StoredSession, AuthenticationResult> judge) {
        String id = cookies.value(exchange);
        if (id == null || !ID.matcher(id).matches()) {
            return judge.apply(null);
        }
        if (isUnavailable()) {
            return SessionStoreUnavailable.AWAY;
        }
        String place = SessionCache.place(exchange);
        return new AuthenticationResult.Pending(() -> {
            try {
                StoredSession storedSession = found(id, place);
                if (storedSession != null) {
                    touch(storedSession, place);
                }
                AuthenticationResult authenticationResult = judge.apply(storedSession);
                return authenticationResult instanceof AuthenticationResult.Pending(var work)
                        ? work.call()
                        : authenticationResult;
            } catch (SessionStoreUnavailable e) {
                return e.outcome();
            }
        });
    }

    private @Nullable StoredSession found(String id, String place) {
        String key = keys.session(id, place);
        String value = link.query(timeoutNanos(), redis -> redis.get(key));
        int dot = value == null ? -1 : value.indexOf('.');
        if (value == null || dot < 0) {
            return null;
        }
        SessionCache.Opened found =
                opened.open(
                        place + "\n" + id + "\n" + value,
                        () -> seal.open(value.substring(dot + 1), purpose(id, place)));
        return found == null ? null : new StoredSession(id, found.session(), found.accepted());
    }

    private String purpose(String id, String place) {
        return "kept session of " + policy + "\n" + place + "\n" + id;
    }

    /// Begins the idle time anew. One that has been ended stays ended.
    private void touch(StoredSession storedSession, String place) {
        String key = keys.session(storedSession.id(), place);
        long left = left(storedSession.session());
        if (left > 0) {
            link.send(redis -> redis.pexpire(key, left));
        }
    }

    /// Milliseconds until a session ends that nobody uses.
    private long left(OidcSession session) {
        long whole = session.until() - System.currentTimeMillis();
        return Math.min(settings.idle().toMillis(), whole);
    }

    @Override
    public List<String> begin(OidcSession session, Exchange exchange) {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String place = SessionCache.place(exchange);
        String value = value(session, id, place);
        long left = Math.max(1, left(session));
        String key = keys.session(id, place);
        index.add(key, session); // first, so that no logout misses it
        link.query(SessionLink.SELDOM, redis -> redis.psetex(key, left, value));
        long seconds = Math.max(0, session.until() - System.currentTimeMillis()) / 1000;
        return Objects.requireNonNull(cookies.set(id, seconds, exchange));
    }

    private String value(OidcSession session, String id, String place) {
        String text = session.text();
        if (text.getBytes(StandardCharsets.UTF_8).length > Seal.MOST) {
            log.error(
                    "{}: the tokens of a session are longer than {} bytes; ask for fewer scopes, or"
                            + " let the provider put less into its tokens",
                    section.issuer(),
                    Seal.MOST);
            throw SessionStoreUnavailable.tooLong("the session is too long");
        }
        return session.fresh() + "." + seal.close(text, purpose(id, place));
    }

    @Override
    public @Nullable List<String> renew(
            StoredSession storedSession, OidcSession next, Exchange exchange) {
        String place = SessionCache.place(exchange);
        String[] key = {keys.session(storedSession.id(), place)};
        String value = value(next, storedSession.id(), place);
        String left = Long.toString(Math.max(1, left(next)));
        String outcome =
                link.<String>query(
                        SessionLink.SELDOM,
                        redis -> redis.eval(RENEW, ScriptOutputType.VALUE, key, value, left));
        return ENDED.equals(outcome) ? null : List.of();
    }

    @Override
    public @Nullable OidcSession renewedElsewhere(StoredSession storedSession, Exchange exchange) {
        String place = SessionCache.place(exchange);
        for (int look = 0; look < LOOKS; look++) {
            StoredSession now = found(storedSession.id(), place);
            if (now == null) {
                return null;
            }
            if (!now.session().accessToken().equals(storedSession.session().accessToken())) {
                return now.session();
            }
            LockSupport.parkNanos(PAUSE);
        }
        return null;
    }

    @Override
    public List<String> end(@Nullable StoredSession storedSession, Exchange exchange) {
        if (storedSession != null) {
            String key = keys.session(storedSession.id(), SessionCache.place(exchange));
            link.query(SessionLink.SELDOM, redis -> redis.del(key));
            index.remove(key, storedSession.session());
        }
        return cookies.clear(exchange);
    }

    /// Ends the sessions that a logout token names.
    ///
    /// @return false when the token was used before
    /// @throws Unkept when that cannot be done now
    boolean end(LogoutToken token) {
        return index.end(token);
    }

    @Override
    public AuthenticationResult.Accepted accepted(OidcSession session) {
        return opened.accepted(session);
    }

    @Override
    public boolean isUnavailable() {
        return !link.isUp();
    }
}
