package dev.sluice.policy.auth.credential;

import dev.sluice.engine.Exchange;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Authenticator;
import dev.sluice.policy.auth.authentication.Claims;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.TokenHash;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/// Judges API keys. They are compared by their hashes: how long that takes says nothing of a key.
public final class ApiKeyAuthenticator implements Authenticator {

    private static final int LONGEST = 4096;

    private final ApiKey section;
    private final Map<TokenHash, AuthenticationResult.Accepted> clients = new HashMap<>();

    public ApiKeyAuthenticator(ApiKey section) {
        this.section = section;
        section.clients()
                .forEach((hash, client) ->
                        clients.put(
                                TokenHash.read(HexFormat.of().parseHex(hash)), accepted(client)));
    }

    private AuthenticationResult.Accepted accepted(String client) {
        return AuthenticationResult.Accepted.named(
                client,
                "apiKey",
                Claims.nameField(section.clientIdHeader(), client),
                section.forward() ? null : section.from());
    }

    @Override
    public String scheme() {
        return "";
    }

    @Override
    public Set<String> fields() {
        return section.clientIdHeader() == null ? Set.of() : Set.of(section.clientIdHeader());
    }

    @Override
    public AuthenticationResult resume(Exchange exchange) {
        CredentialLocations.FoundCredential foundCredential = section.from().find(exchange);
        if (foundCredential == null) {
            return AuthenticationResult.Absent.ABSENT;
        }
        String key = foundCredential.value();
        if (key == null) {
            return AuthenticationResult.Refused.unclear("more than one API key");
        }
        AuthenticationResult.Accepted client =
                key.length() > LONGEST ? null : clients.get(TokenHash.of(key));
        return client == null
                ? new AuthenticationResult.Refused(401, null, "unknown API key")
                : client;
    }
}
