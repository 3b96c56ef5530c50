package dev.sluice.policy.auth.jwt;

import dev.sluice.policy.auth.authentication.ClaimHeader;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who issues tokens, and what they have to be like.
///
/// @param name distinguishes it from others of the policy
/// @param issuer of its tokens, null for any
/// @param audiences a token has to be for one of them; empty for any
/// @param algorithms that tokens may be signed by, of RFC 7518 3.1 and RFC 8037
/// @param keys that they are signed with
/// @param from where a token is looked for
/// @param clockSkew by how much clocks may differ
/// @param claimToHeaders claims that the backend receives in header fields
/// @param forward whether the backend gets the token
public record JwtProvider(
        String name,
        @Nullable String issuer,
        List<String> audiences,
        List<String> algorithms,
        KeySource keys,
        CredentialLocations from,
        Duration clockSkew,
        List<ClaimHeader> claimToHeaders,
        boolean forward) {

    public JwtProvider {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
        claimToHeaders = List.copyOf(claimToHeaders);
    }
}
