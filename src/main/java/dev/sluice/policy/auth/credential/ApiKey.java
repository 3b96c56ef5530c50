package dev.sluice.policy.auth.credential;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Section `apiKey`: secrets that clients were given.
///
/// @param clients by SHA-256 of their keys, in hexadecimal
/// @param from where a key is looked for
/// @param clientIdHeader passes the backend the client, in lower case; null not to
/// @param forward whether the backend gets the key
/// @param optional whether requests without a key pass
public record ApiKey(
        Map<String, String> clients,
        CredentialLocations from,
        @Nullable String clientIdHeader,
        boolean forward,
        boolean optional)
        implements PolicySection {

    public ApiKey {
        clients = Map.copyOf(clients);
    }

    @Override
    public String text() {
        return clients.size() + " keys" + (optional ? ", optional" : "");
    }

    /// Without hashes, of which weak keys could be guessed.
    @Override
    public String toString() {
        return "ApiKey[" + text() + "]";
    }
}
