package dev.sluice.policy.auth.credential;

import com.github.benmanes.caffeine.cache.Cache;
import dev.sluice.engine.Exchange;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Authenticator;
import dev.sluice.policy.auth.authentication.Challenge;
import dev.sluice.policy.auth.authentication.Claims;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.TokenHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Judges names and passwords. A hash made to be slow is computed by a virtual thread, few at a
/// time; a pair that was right is right for a minute without that.
public final class BasicAuthenticator implements Authenticator {

    private static final CredentialLocations FROM =
            new CredentialLocations(
                    List.of(new CredentialLocations.Header("authorization", "Basic ")),
                    List.of(),
                    List.of());

    private static final int LONGEST = 1024;
    private static final Duration KEPT = Duration.ofMinutes(1);

    /// Half of the processors may be busy with slow hashes, so that requests go on.
    private static final Semaphore SLOW =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    private static final long WAIT_SECONDS = 5;

    private final Basic section;
    private final Cache<TokenHash, AuthenticationResult.Accepted> right = TokenHash.cache(KEPT);

    public BasicAuthenticator(Basic section) {
        this.section = section;
    }

    @Override
    public String scheme() {
        return Challenge.BASIC;
    }

    @Override
    public Set<String> fields() {
        return section.userHeader() == null ? Set.of() : Set.of(section.userHeader());
    }

    @Override
    public AuthenticationResult resume(Exchange exchange) {
        CredentialLocations.FoundCredential foundCredential = FROM.find(exchange);
        if (foundCredential == null) {
            return AuthenticationResult.Absent.ABSENT;
        }
        String credentials = foundCredential.value();
        if (credentials == null) {
            return AuthenticationResult.Refused.unclear("more than one Authorization");
        }
        if (credentials.length() > LONGEST) {
            return wrong();
        }
        TokenHash hash = TokenHash.of(credentials);
        AuthenticationResult.Accepted known = right.getIfPresent(hash);
        return known != null
                ? known
                : new AuthenticationResult.Pending(() -> compare(credentials, hash));
    }

    private static AuthenticationResult.Refused wrong() {
        return new AuthenticationResult.Refused(401, null, "wrong name or password");
    }

    /// By a virtual thread.
    private AuthenticationResult compare(String credentials, TokenHash hash)
            throws InterruptedException {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return wrong();
        }
        int colon = pair.indexOf(':');
        if (colon <= 0) {
            return wrong();
        }
        String name = pair.substring(0, colon);
        if (!SLOW.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
            return AuthenticationResult.Refused.unavailable(
                    "too many passwords wait to be compared");
        }
        try {
            if (!PasswordHashes.matches(pair.substring(colon + 1), section.users().get(name))) {
                return wrong();
            }
        } finally {
            SLOW.release();
        }
        AuthenticationResult.Accepted accepted = accepted(name);
        right.put(hash, accepted);
        return accepted;
    }

    private AuthenticationResult.Accepted accepted(String name) {
        return AuthenticationResult.Accepted.named(
                name,
                "basic",
                Claims.nameField(section.userHeader(), name),
                section.forward() ? null : FROM);
    }
}
