package dev.sluice.policy.auth.jwt;

import dev.sluice.policy.SpecReader;
import dev.sluice.policy.auth.authentication.ClaimToHeaderSpec;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.CredentialLocationsSpec;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
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

    record JwtSectionSpec(List<JwtProviderSpec> providers, @Nullable Boolean optional) {}

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

    public static Jwt read(SpecReader in) {
        JwtSectionSpec jwtSectionSpec = in.read(JwtSectionSpec.class);
        List<JwtProvider> providers = new ArrayList<>();
        for (int i = 0; i < jwtSectionSpec.providers().size(); i++) {
            providers.add(provider(jwtSectionSpec.providers().get(i), in.at("providers").at(i)));
        }
        return new Jwt(providers, Boolean.TRUE.equals(jwtSectionSpec.optional()));
    }

    private static JwtProvider provider(JwtProviderSpec written, SpecReader in) {
        return new JwtProvider(
                written.name(),
                written.issuer(),
                SpecReader.orEmpty(written.audiences()),
                written.algorithms() == null ? ALGORITHMS : written.algorithms(),
                keys(written, in),
                CredentialLocationsSpec.or(
                        written.from(), CredentialLocations.BEARER, in.at("from")),
                in.at("clockSkew").duration(written.clockSkew(), SKEW),
                ClaimToHeaderSpec.read(written.claimToHeaders(), in.at("claimToHeaders")),
                !Boolean.FALSE.equals(written.forward()));
    }

    private static KeySource keys(JwtProviderSpec written, SpecReader in) {
        KeySetSpec jwks = written.jwks();
        SpecReader at = in.at("jwks");
        Duration cache = at.at("cache").duration(jwks == null ? null : jwks.cache(), CACHE);
        if (jwks != null && jwks.inline() != null) {
            return given(jwks.inline(), at.at("inline"));
        }
        if (jwks != null && jwks.secretRef() != null) {
            SpecReader ref = at.at("secretRef");
            return given(jwks.secretRef().inSecret(ref, "jwks"), ref);
        }
        if (jwks != null && jwks.configMapRef() != null) {
            SpecReader ref = at.at("configMapRef");
            return given(jwks.configMapRef().inConfigMap(ref, "jwks"), ref);
        }
        if (jwks != null && jwks.uri() != null) {
            return new KeySource.Location(at.at("uri").uri(jwks.uri()), cache);
        }
        if (written.issuer() == null) {
            throw at.error("required where there is no issuer to ask for it");
        }
        return new KeySource.Discovered(in.at("issuer").uri(written.issuer()), cache);
    }

    private static KeySource given(String jwks, SpecReader in) {
        try {
            KeySet.parse(jwks);
        } catch (ParseException e) {
            throw in.error("not a JSON Web Key Set: " + e.getMessage());
        }
        return new KeySource.Given(jwks);
    }
}
