package dev.sluice.policy.auth.introspection;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.ClaimHeader;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import java.time.Duration;
import java.util.List;

/// Section `opaque`: tokens that their issuer is asked about (RFC 7662).
///
/// @param uri of the issuer's introspection
/// @param client who asks
/// @param audiences a token has to be for one of them; empty for any
/// @param cache how long an answer is good
/// @param from where a token is looked for
/// @param claimToHeaders claims that the backend receives in header fields
/// @param forward whether the backend gets the token
/// @param optional whether requests without a token pass
public record Opaque(
        String uri,
        IntrospectionClient client,
        List<String> audiences,
        Duration cache,
        CredentialLocations from,
        List<ClaimHeader> claimToHeaders,
        boolean forward,
        boolean optional)
        implements PolicySection {

    public Opaque {
        audiences = List.copyOf(audiences);
        claimToHeaders = List.copyOf(claimToHeaders);
    }

    /// A client of the issuer.
    public record IntrospectionClient(String id, String secret) {

        /// Without the secret.
        @Override
        public String toString() {
            return "Client[" + id + "]";
        }
    }

    @Override
    public String text() {
        return "by " + uri + (optional ? ", optional" : "");
    }
}
