package dev.sluice.policy.auth.introspection;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.ClaimToHeaderSpec;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.CredentialLocationsSpec;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
import dev.sluice.policy.auth.authentication.SectionFields;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes section `opaque`.
public final class OpaqueDecoding {

    private static final Duration CACHE = Duration.ofSeconds(30);

    private OpaqueDecoding() {}

    public record OpaqueSectionSpec(
            String introspectionUri,
            ObjectKeyRef clientSecretRef,
            @Nullable List<String> audiences,
            @Nullable String cache,
            @Nullable CredentialLocationsSpec from,
            @Nullable List<ClaimToHeaderSpec> claimToHeaders,
            @Nullable Boolean forward,
            @Nullable Boolean optional) {}

    public static Result<PolicySection> decode(
            OpaqueSectionSpec opaqueSectionSpec, PolicyReferences references) {
        ObjectKeyRef ref = opaqueSectionSpec.clientSecretRef();
        String field = "opaque.clientSecretRef";
        return Result.of(
                new Opaque(
                        SectionFields.uri(
                                opaqueSectionSpec.introspectionUri(), "opaque.introspectionUri"),
                        new Opaque.IntrospectionClient(
                                ref.with("client-id").inSecret(references, "client-id", field),
                                ref.with("client-secret")
                                        .inSecret(references, "client-secret", field)),
                        SectionFields.orEmpty(opaqueSectionSpec.audiences()),
                        SectionFields.duration(opaqueSectionSpec.cache(), CACHE, "opaque.cache"),
                        CredentialLocationsSpec.or(
                                opaqueSectionSpec.from(),
                                CredentialLocations.BEARER,
                                "opaque.from"),
                        ClaimToHeaderSpec.read(
                                opaqueSectionSpec.claimToHeaders(), "opaque.claimToHeaders"),
                        !Boolean.FALSE.equals(opaqueSectionSpec.forward()),
                        Boolean.TRUE.equals(opaqueSectionSpec.optional())));
    }
}
