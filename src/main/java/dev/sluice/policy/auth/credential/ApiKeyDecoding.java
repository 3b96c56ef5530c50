package dev.sluice.policy.auth.credential;

import dev.sluice.digest.Sha256;
import dev.sluice.policy.SpecError;
import dev.sluice.policy.SpecReader;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.CredentialLocationsSpec;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
import dev.sluice.resource.Secret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decodes section `apiKey`: each key of the Secrets is a client, its value that client's key.
public final class ApiKeyDecoding {

    private static final CredentialLocations FROM =
            new CredentialLocations(
                    List.of(new CredentialLocations.Header("x-api-key", "")), List.of(), List.of());

    /// Characters that a key has at least: shorter ones can be tried out.
    private static final int SHORTEST = 8;

    private ApiKeyDecoding() {}

    record ApiKeySectionSpec(
            List<ObjectKeyRef> secretRefs,
            @Nullable CredentialLocationsSpec from,
            @Nullable String clientIdHeader,
            @Nullable Boolean forward,
            @Nullable Boolean optional) {}

    public static ApiKey read(SpecReader in) {
        ApiKeySectionSpec apiKeySectionSpec = in.read(ApiKeySectionSpec.class);
        Map<String, String> clients = new TreeMap<>();
        for (int i = 0; i < apiKeySectionSpec.secretRefs().size(); i++) {
            ObjectKeyRef ref = apiKeySectionSpec.secretRefs().get(i);
            SpecReader at = in.at("secretRefs").at(i);
            Secret secret =
                    SpecError.orThrow(
                            at.references().secret(ref.namespace(), ref.name(), at.field()));
            for (String client : names(secret)) {
                String key = String.valueOf(ObjectKeyRef.text(secret, client, at)).trim();
                if (key.length() < SHORTEST) {
                    throw at.error(
                            "the key of client \"%s\" has less than %d characters"
                                    .formatted(client, SHORTEST));
                }
                String other = clients.put(hash(key), client);
                if (other != null && !other.equals(client)) {
                    throw at.error(
                            "clients \"%s\" and \"%s\" have the same key".formatted(other, client));
                }
            }
        }
        return new ApiKey(
                clients,
                CredentialLocationsSpec.or(apiKeySectionSpec.from(), FROM, in.at("from")),
                in.at("clientIdHeader").headerNameIfThere(apiKeySectionSpec.clientIdHeader()),
                !Boolean.FALSE.equals(apiKeySectionSpec.forward()),
                Boolean.TRUE.equals(apiKeySectionSpec.optional()));
    }

    private static Set<String> names(Secret secret) {
        Set<String> names = new TreeSet<>(secret.data().keySet());
        names.addAll(secret.stringData().keySet());
        return names;
    }

    private static String hash(String key) {
        return Sha256.hex(key, Sha256.BYTES);
    }
}
