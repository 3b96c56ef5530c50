package dev.sluice.policy.auth.introspection;

import com.github.benmanes.caffeine.cache.Cache;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Authenticator;
import dev.sluice.policy.auth.authentication.Challenge;
import dev.sluice.policy.auth.authentication.Claims;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.TokenHash;
import dev.sluice.policy.auth.jwt.JwtAuthenticator;
import dev.sluice.policy.auth.provider.ProviderHealth;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the issuer about tokens, and remembers its answers for a while; of a token only its hash is
/// kept.
public final class OpaqueAuthenticator implements Authenticator {

    private static final Logger log = LoggerFactory.getLogger(OpaqueAuthenticator.class);

    /// Questions that the issuer gets at a time.
    private static final int ASKED = 64;

    private static final long WAIT_SECONDS = 2;

    private final Opaque section;
    private final Introspection introspection;
    private final Semaphore asked = new Semaphore(ASKED);
    private final Cache<TokenHash, CachedResult> good;

    /// Kept apart, so that tokens that clients make up push no good one out.
    private final Cache<TokenHash, AuthenticationResult.Refused> bad;

    private final ProviderHealth provider;

    /// Asks the issuer; blocks.
    public interface Introspection {
        /// @return claims of the token, empty when it is not active
        Map<String, Object> introspect(String token) throws IOException, InterruptedException;
    }

    /// @param until milliseconds since 1970
    private record CachedResult(AuthenticationResult.Accepted accepted, long until) {}

    /// @param provider notified of how requests to the issuer end
    public OpaqueAuthenticator(
            Opaque section, Introspection introspection, ProviderHealth provider) {
        this.provider = provider;
        this.section = section;
        this.introspection = introspection;
        this.good = TokenHash.cache(section.cache());
        this.bad = TokenHash.cache(section.cache());
    }

    @Override
    public String scheme() {
        return Challenge.BEARER;
    }

    @Override
    public Set<String> fields() {
        return Claims.headers(section.claimToHeaders());
    }

    @Override
    public AuthenticationResult resume(Exchange exchange) {
        CredentialLocations.FoundCredential foundCredential = section.from().find(exchange);
        if (foundCredential == null) {
            return AuthenticationResult.Absent.ABSENT;
        }
        String token = foundCredential.value();
        if (token == null) {
            return AuthenticationResult.Refused.unclear("more than one token");
        }
        if (token.length() > JwtAuthenticator.LONGEST) {
            return AuthenticationResult.Refused.invalidToken("the token is too long");
        }
        TokenHash hash = TokenHash.of(token);
        CachedResult cachedResult = good.getIfPresent(hash);
        if (cachedResult != null && cachedResult.until() > System.currentTimeMillis()) {
            return cachedResult.accepted();
        }
        AuthenticationResult.Refused refused = bad.getIfPresent(hash);
        return refused != null
                ? refused
                : new AuthenticationResult.Pending(() -> introspect(token, hash));
    }

    /// By a virtual thread.
    private AuthenticationResult introspect(String token, TokenHash hash)
            throws InterruptedException {
        if (!asked.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
            return AuthenticationResult.Refused.unavailable("the issuer of tokens is slow");
        }
        try {
            Map<String, Object> claims = introspection.introspect(token);
            if (provider.onSuccess()) {
                log.info("{}: answers again", section.uri());
            }
            return result(claims, hash);
        } catch (IOException e) {
            if (provider.onFailure(e)) {
                log.warn("{}: cannot be asked about tokens: {}", section.uri(), e.toString());
            }
            return AuthenticationResult.Refused.unavailable("the issuer of tokens cannot be asked");
        } finally {
            asked.release();
        }
    }

    private AuthenticationResult result(Map<String, Object> claims, TokenHash hash) {
        long now = System.currentTimeMillis();
        long until =
                claims.get("exp") instanceof Number exp ? exp.longValue() * 1000 : Long.MAX_VALUE;
        AuthenticationResult.Refused refused =
                claims.isEmpty() || until <= now
                        ? AuthenticationResult.Refused.invalidToken("the token is not active")
                        : isForUs(claims.get("aud"))
                                ? null
                                : AuthenticationResult.Refused.invalidToken(
                                        "the token is for another audience");
        if (refused != null) {
            bad.put(hash, refused);
            return refused;
        }
        Identity identity = Claims.identity("opaque", claims);
        AuthenticationResult.Accepted accepted =
                new AuthenticationResult.Accepted(
                        identity,
                        Claims.fields(identity, section.claimToHeaders()),
                        section.forward() ? null : section.from());
        good.put(hash, new CachedResult(accepted, until));
        return accepted;
    }

    private boolean isForUs(@Nullable Object audience) {
        List<String> wanted = section.audiences();
        return wanted.isEmpty()
                || (audience instanceof Collection<?> all
                        ? all.stream().anyMatch(one -> wanted.contains(String.valueOf(one)))
                        : audience instanceof String one && wanted.contains(one));
    }
}
