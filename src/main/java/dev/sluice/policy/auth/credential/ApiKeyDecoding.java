package dev.sluice.policy.auth.credential;

import dev.sluice.digest.Sha256;
import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.CredentialLocationsSpec;
import dev.sluice.policy.auth.authentication.FieldNameCheck;
import dev.sluice.policy.auth.authentication.InvalidSection;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
import dev.sluice.resource.Secret;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
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

    public record ApiKeySectionSpec(
            List<ObjectKeyRef> secretRefs,
            @Nullable CredentialLocationsSpec from,
            @Nullable String clientIdHeader,
            @Nullable Boolean forward,
            @Nullable Boolean optional) {}

    public static Result<PolicySection> decode(
            ApiKeySectionSpec apiKeySectionSpec, PolicyReferences references) {
        Map<String, String> clients = new TreeMap<>();
        for (int i = 0; i < apiKeySectionSpec.secretRefs().size(); i++) {
            ObjectKeyRef ref = apiKeySectionSpec.secretRefs().get(i);
            String field = "apiKey.secretRefs[" + i + "]";
            Secret secret =
                    InvalidSection.orThrow(references.secret(ref.namespace(), ref.name(), field));
            for (String client : names(secret)) {
                String key = String.valueOf(ObjectKeyRef.text(secret, client, field)).trim();
                if (key.length() < SHORTEST) {
                    throw InvalidSection.field(
                            field,
                            "the key of client \"%s\" has less than %d characters"
                                    .formatted(client, SHORTEST));
                }
                String other = clients.put(hash(key), client);
                if (other != null && !other.equals(client)) {
                    throw InvalidSection.field(
                            field,
                            "clients \"%s\" and \"%s\" have the same key".formatted(other, client));
                }
            }
        }
        return Result.of(
                new ApiKey(
                        clients,
                        CredentialLocationsSpec.or(apiKeySectionSpec.from(), FROM, "apiKey.from"),
                        FieldNameCheck.checkedIfThere(
                                apiKeySectionSpec.clientIdHeader(), "apiKey.clientIdHeader"),
                        !Boolean.FALSE.equals(apiKeySectionSpec.forward()),
                        Boolean.TRUE.equals(apiKeySectionSpec.optional())));
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
