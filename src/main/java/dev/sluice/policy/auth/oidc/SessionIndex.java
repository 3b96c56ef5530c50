package dev.sluice.policy.auth.oidc;

import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Which sessions in Redis belong to a session at the provider, and to a user: sorted sets of keys
/// of sessions, by the time at which each ends. All policies with the same client at the same
/// provider share them, as a provider notifies a client once.
final class SessionIndex {

    /// Adds a session, forgets those that have ended, and lives as long as the last one.
    private static final String ADD =
            """
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
            redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
            if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then
              redis.call('PEXPIRE', KEYS[1], ARGV[4])
            end
            return 1
            """;

    private final SessionKeys keys;
    private final SessionLink link;

    SessionIndex(SessionKeys keys, SessionLink link) {
        this.keys = keys;
        this.link = link;
    }

    /// The sets that a session belongs to.
    private List<String> sets(OidcSession session) {
        List<String> sets = new ArrayList<>(2);
        if (session.claims().get("sid") instanceof String sid) {
            sets.add(keys.bySid(sid));
        }
        if (session.claims().get("sub") instanceof String sub) {
            sets.add(keys.bySub(sub));
        }
        return sets;
    }

    /// Adds a session that begins.
    ///
    /// @param key where it is kept
    /// @throws Unkept when there is no answer in time
    void add(String key, OidcSession session) {
        long now = System.currentTimeMillis();
        String[] values = {
            key,
            Long.toString(session.until()),
            Long.toString(now),
            Long.toString(Math.max(1, session.until() - now))
        };
        for (String set : sets(session)) {
            link.<Long>query(
                    SessionLink.SELDOM,
                    redis -> redis.eval(ADD, ScriptOutputType.INTEGER, new String[] {set}, values));
        }
    }

    /// Removes a session that has ended. Nobody waits for it.
    void remove(String key, OidcSession session) {
        sets(session).forEach(set -> link.send(redis -> redis.zrem(set, key)));
    }

    /// Ends the sessions that a logout token names, and then keeps it from being used again: in
    /// this order a provider whose try came to nothing, or whose answer was lost, may try again.
    /// Ended twice is ended once.
    ///
    /// @return false when the token was used before
    /// @throws Unkept when that cannot be done now; the token is good for another try
    boolean end(LogoutToken token) {
        String used = keys.used(token.jti());
        if (link.query(SessionLink.SELDOM, redis -> redis.get(used)) != null) {
            return false;
        }
        endAll(set(token));
        long left = Math.max(1, token.until() - System.currentTimeMillis());
        try {
            link.query(SessionLink.SELDOM, redis -> redis.psetex(used, left, "1"));
        } catch (SessionStoreUnavailable _) {
            // The sessions have ended, which is what the provider asks.
        }
        return true;
    }

    private String set(LogoutToken token) {
        String sid = token.sid();
        return sid != null ? keys.bySid(sid) : keys.bySub(String.valueOf(token.sub()));
    }

    /// Key by key: in a cluster they are not at one place.
    private void endAll(String set) {
        List<String> found = link.query(SessionLink.SELDOM, redis -> redis.zrange(set, 0, -1));
        if (found == null || found.isEmpty()) {
            return;
        }
        link.query(
                SessionLink.SELDOM,
                redis ->
                        CompletableFuture.allOf(
                                found.stream()
                                        .map(key -> redis.del(key).toCompletableFuture())
                                        .toArray(CompletableFuture<?>[]::new)));
        link.query(SessionLink.SELDOM, redis -> redis.zrem(set, found.toArray(String[]::new)));
    }
}
