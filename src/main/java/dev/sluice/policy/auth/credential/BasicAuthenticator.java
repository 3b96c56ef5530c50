package dev.sluice.policy.auth.credential;

import com.github.benmanes.caffeine.cache.Cache;
import dev.sluice.barrier.Barrier;
import dev.sluice.engine.Exchange;
import dev.sluice.policy.ClientNetwork;
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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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

    /// Half of the processors may be busy with slow hashes, so that requests go on. Policies have
    /// their turns one after the other, and so have the clients of one.
    private static final FairTurns SLOW =
            new FairTurns(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    private static final Duration WAIT = Duration.ofSeconds(5);

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
        if (known != null) {
            return known;
        }
        String client = ClientNetwork.of(exchange.clientHost());
        return new AuthenticationResult.Pending(() -> compare(credentials, hash, client));
    }

    private static AuthenticationResult.Refused wrong() {
        return new AuthenticationResult.Refused(401, null, "wrong name or password");
    }

    /// By a virtual thread.
    private AuthenticationResult compare(String credentials, TokenHash hash, String client)
            throws Exception {
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
        String password = pair.substring(colon + 1);
        String expected = section.users().get(name);
        if (!PasswordHashes.isSlow(expected)) {
            return PasswordHashes.matches(password, expected) ? right(name, hash) : wrong();
        }
        if (!SLOW.take(this, client, WAIT)) {
            return AuthenticationResult.Refused.unavailable(
                    "too many passwords wait to be compared");
        }
        try {
            return matchesSlowly(password, expected) ? right(name, hash) : wrong();
        } finally {
            SLOW.giveBack();
        }
    }

    /// By a thread of its own: a virtual one would keep a carrier from all others until it is done.
    private static boolean matchesSlowly(String password, @Nullable String expected)
            throws Exception {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Barrier.start(
                Thread.ofPlatform().daemon().name("password"),
                Barrier.ending(
                        "auth",
                        () ->
                                result.completeExceptionally(
                                        new IllegalStateException("a password was not compared"))),
                () -> result.complete(PasswordHashes.matches(password, expected)));
        return result.get();
    }

    private AuthenticationResult.Accepted right(String name, TokenHash hash) {
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
