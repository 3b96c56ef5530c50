package dev.sluice.policy.auth.introspection;

import dev.sluice.policy.SpecReader;
import dev.sluice.policy.auth.authentication.ClaimToHeaderSpec;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.CredentialLocationsSpec;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes section `opaque`.
public final class OpaqueDecoding {

    private static final Duration CACHE = Duration.ofSeconds(30);

    private OpaqueDecoding() {}

    record OpaqueSectionSpec(
            String introspectionUri,
            ObjectKeyRef clientSecretRef,
            @Nullable List<String> audiences,
            @Nullable String cache,
            @Nullable CredentialLocationsSpec from,
            @Nullable List<ClaimToHeaderSpec> claimToHeaders,
            @Nullable Boolean forward,
            @Nullable Boolean optional) {}

    public static Opaque read(SpecReader in) {
        OpaqueSectionSpec opaqueSectionSpec = in.read(OpaqueSectionSpec.class);
        ObjectKeyRef ref = opaqueSectionSpec.clientSecretRef();
        SpecReader secret = in.at("clientSecretRef");
        return new Opaque(
                in.at("introspectionUri").uri(opaqueSectionSpec.introspectionUri()),
                new Opaque.IntrospectionClient(
                        ref.with("client-id").inSecret(secret, "client-id"),
                        ref.with("client-secret").inSecret(secret, "client-secret")),
                SpecReader.orEmpty(opaqueSectionSpec.audiences()),
                in.at("cache").duration(opaqueSectionSpec.cache(), CACHE),
                CredentialLocationsSpec.or(
                        opaqueSectionSpec.from(), CredentialLocations.BEARER, in.at("from")),
                ClaimToHeaderSpec.read(opaqueSectionSpec.claimToHeaders(), in.at("claimToHeaders")),
                !Boolean.FALSE.equals(opaqueSectionSpec.forward()),
                Boolean.TRUE.equals(opaqueSectionSpec.optional()));
    }
}
