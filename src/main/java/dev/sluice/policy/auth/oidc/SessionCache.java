package dev.sluice.policy.auth.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Claims;
import dev.sluice.policy.auth.authentication.TokenHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sessions as seals hold them, opened once and remembered by a hash, with what backends receive of
/// them.
final class SessionCache {

    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Oidc section;
    private final AuthenticationResult.Credential cookies;
    private final Cache<TokenHash, Opened> known = TokenHash.cache(KEPT);

    /// @param accepted what the backend receives of it
    record Opened(OidcSession session, AuthenticationResult.Accepted accepted) {}

    /// @param cookies that no backend gets
    SessionCache(Oidc section, AuthenticationResult.Credential cookies) {
        this.section = section;
        this.cookies = cookies;
    }

    /// @param key all that the seal depends on, and the seal
    /// @param open gives the text, null when the seal is not good
    /// @return null when the seal is not good
    @Nullable Opened open(String key, Supplier<@Nullable String> open) {
        TokenHash hash = TokenHash.of(key);
        Opened before = known.getIfPresent(hash);
        if (before != null) {
            return before;
        }
        OidcSession session = OidcSession.of(open.get());
        if (session == null) {
            return null;
        }
        Opened now = new Opened(session, accepted(session));
        known.put(hash, now);
        return now;
    }

    /// What the backend receives of a session.
    AuthenticationResult.Accepted accepted(OidcSession session) {
        Identity identity = Claims.identity("oidc", session.claims());
        List<AuthenticationResult.HeaderField> fields =
                new ArrayList<>(Claims.fields(identity, section.claimToHeaders()));
        if (section.relay()) {
            fields.add(
                    new AuthenticationResult.HeaderField(
                            "authorization", "Bearer " + session.accessToken()));
        }
        return new AuthenticationResult.Accepted(identity, fields, cookies);
    }

    /// Where a session is good: it is none for another scheme or host.
    static String place(Exchange exchange) {
        return exchange.clientScheme() + "\n" + exchange.host();
    }
}
