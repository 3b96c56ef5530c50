package dev.sluice.policy.auth;

import dev.sluice.ir.PolicySection;
import dev.sluice.translate.PolicyReferences;
import dev.sluice.translate.Result;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes section `opaque`.
final class OpaqueDecoding {

    private static final Duration CACHE = Duration.ofSeconds(30);

    private OpaqueDecoding() {}

    record Written(
            String introspectionUri,
            Referenced clientSecretRef,
            @Nullable List<String> audiences,
            @Nullable String cache,
            @Nullable WrittenPlaces from,
            @Nullable List<JwtDecoding.WrittenClaim> claimToHeaders,
            @Nullable Boolean forward,
            @Nullable Boolean optional) {}

    static Result<PolicySection> decode(Written written, PolicyReferences references) {
        Referenced ref = written.clientSecretRef();
        String field = "opaque.clientSecretRef";
        return Result.of(
                new Opaque(
                        JwtDecoding.uri(written.introspectionUri(), "opaque.introspectionUri"),
                        new Opaque.Client(
                                ref.with("client-id").inSecret(references, "client-id", field),
                                ref.with("client-secret")
                                        .inSecret(references, "client-secret", field)),
                        JwtDecoding.orEmpty(written.audiences()),
                        JwtDecoding.duration(written.cache(), CACHE, "opaque.cache"),
                        WrittenPlaces.or(written.from(), CredentialPlaces.BEARER, "opaque.from"),
                        JwtDecoding.told(written.claimToHeaders(), "opaque.claimToHeaders"),
                        !Boolean.FALSE.equals(written.forward()),
                        Boolean.TRUE.equals(written.optional())));
    }
}
