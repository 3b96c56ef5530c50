package dev.sluice.policy.auth.jwt;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.ClaimToHeaderSpec;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.CredentialLocationsSpec;
import dev.sluice.policy.auth.authentication.InvalidSection;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
import dev.sluice.policy.auth.authentication.SectionFields;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes section `jwt`. The schema of the CRD has checked the shape.
public final class JwtDecoding {

    public static final List<String> ALGORITHMS =
            List.of(
                    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                    "EdDSA", "Ed25519");

    public static final Duration SKEW = Duration.ofSeconds(30);
    public static final Duration CACHE = Duration.ofMinutes(5);

    private JwtDecoding() {}

    public record JwtSectionSpec(List<JwtProviderSpec> providers, @Nullable Boolean optional) {}

    record JwtProviderSpec(
            String name,
            @Nullable String issuer,
            @Nullable List<String> audiences,
            @Nullable List<String> algorithms,
            @Nullable KeySetSpec jwks,
            @Nullable CredentialLocationsSpec from,
            @Nullable String clockSkew,
            @Nullable List<ClaimToHeaderSpec> claimToHeaders,
            @Nullable Boolean forward) {}

    record KeySetSpec(
            @Nullable String inline,
            @Nullable String uri,
            @Nullable ObjectKeyRef secretRef,
            @Nullable ObjectKeyRef configMapRef,
            @Nullable String cache) {}

    public static Result<PolicySection> decode(
            JwtSectionSpec jwtSectionSpec, PolicyReferences references) {
        List<JwtProvider> providers = new ArrayList<>();
        for (int i = 0; i < jwtSectionSpec.providers().size(); i++) {
            String field = "jwt.providers[" + i + "].";
            providers.add(provider(jwtSectionSpec.providers().get(i), field, references));
        }
        return Result.of(new Jwt(providers, Boolean.TRUE.equals(jwtSectionSpec.optional())));
    }

    private static JwtProvider provider(
            JwtProviderSpec written, String field, PolicyReferences references) {
        return new JwtProvider(
                written.name(),
                written.issuer(),
                SectionFields.orEmpty(written.audiences()),
                written.algorithms() == null ? ALGORITHMS : written.algorithms(),
                keys(written, field, references),
                CredentialLocationsSpec.or(
                        written.from(), CredentialLocations.BEARER, field + "from"),
                SectionFields.duration(written.clockSkew(), SKEW, field + "clockSkew"),
                ClaimToHeaderSpec.read(written.claimToHeaders(), field + "claimToHeaders"),
                !Boolean.FALSE.equals(written.forward()));
    }

    private static KeySource keys(
            JwtProviderSpec written, String field, PolicyReferences references) {
        KeySetSpec jwks = written.jwks();
        Duration cache =
                SectionFields.duration(
                        jwks == null ? null : jwks.cache(), CACHE, field + "jwks.cache");
        if (jwks != null && jwks.inline() != null) {
            return given(jwks.inline(), field + "jwks.inline");
        }
        if (jwks != null && jwks.secretRef() != null) {
            String at = field + "jwks.secretRef";
            return given(jwks.secretRef().inSecret(references, "jwks", at), at);
        }
        if (jwks != null && jwks.configMapRef() != null) {
            String at = field + "jwks.configMapRef";
            return given(jwks.configMapRef().inConfigMap(references, "jwks", at), at);
        }
        if (jwks != null && jwks.uri() != null) {
            return new KeySource.Location(SectionFields.uri(jwks.uri(), field + "jwks.uri"), cache);
        }
        if (written.issuer() == null) {
            throw InvalidSection.field(
                    field + "jwks", "required where there is no issuer to ask for it");
        }
        return new KeySource.Discovered(
                SectionFields.uri(written.issuer(), field + "issuer"), cache);
    }

    private static KeySource given(String jwks, String field) {
        try {
            KeySet.parse(jwks);
        } catch (ParseException e) {
            throw InvalidSection.field(field, "not a JSON Web Key Set: " + e.getMessage());
        }
        return new KeySource.Given(jwks);
    }
}
