package dev.sluice.policy.auth;

import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.PolicySection;
import dev.sluice.policy.Interned;
import dev.sluice.policy.auth.authentication.Authenticator;
import dev.sluice.policy.auth.credential.ApiKey;
import dev.sluice.policy.auth.credential.ApiKeyAuthenticator;
import dev.sluice.policy.auth.credential.Basic;
import dev.sluice.policy.auth.credential.BasicAuthenticator;
import dev.sluice.policy.auth.credential.ClientCert;
import dev.sluice.policy.auth.credential.ClientCertAuthenticator;
import dev.sluice.policy.auth.introspection.Opaque;
import dev.sluice.policy.auth.introspection.OpaqueAuthenticator;
import dev.sluice.policy.auth.jwt.IssuerKeys;
import dev.sluice.policy.auth.jwt.Jwt;
import dev.sluice.policy.auth.jwt.JwtAuthenticator;
import dev.sluice.policy.auth.jwt.JwtDecoding;
import dev.sluice.policy.auth.jwt.KeySet;
import dev.sluice.policy.auth.jwt.KeySource;
import dev.sluice.policy.auth.jwt.RemoteKeys;
import dev.sluice.policy.auth.oidc.Oidc;
import dev.sluice.policy.auth.oidc.OidcAuthenticator;
import dev.sluice.policy.auth.oidc.OidcProvider;
import dev.sluice.policy.auth.oidc.SessionLink;
import dev.sluice.policy.auth.provider.ProviderClient;
import dev.sluice.policy.auth.provider.ProviderHealth;
import dev.sluice.policy.auth.provider.ProviderOutages;
import dev.sluice.policy.auth.provider.ProviderOutages.ProviderEndpoint;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/// The authenticators that are in use. Rules under one policy share them, and a rule that is
/// compiled anew finds them as they were: tokens that were verified, keys that were fetched. Called
/// by one thread at a time.
final class Authenticators {

    private final Interned<SectionKey, Authenticator> known = new Interned<>();
    private final Interned<KeySource, IssuerKeys> keys = new Interned<>();
    private final @Nullable SessionLink sessions;
    private final ProviderOutages outages;
    private @Nullable ProviderClient fetch;

    private record SectionKey(String policy, PolicySection section) {}

    /// @param sessions the way to those in Redis; null when there is none
    Authenticators(@Nullable SessionLink sessions, ProviderOutages outages) {
        this.sessions = sessions;
        this.outages = outages;
    }

    /// The authenticator of a section, null when it is a section of another kind.
    @Nullable Authenticator of(AttachedPolicy policy) {
        SectionKey sectionKey = new SectionKey(policy.policy(), policy.value());
        return switch (policy.value()) {
            case Jwt jwt -> known.get(sectionKey, () -> jwt(jwt));
            case Opaque opaque -> known.get(sectionKey, () -> opaque(opaque));
            case ApiKey keys -> known.get(sectionKey, () -> new ApiKeyAuthenticator(keys));
            case Basic basic -> known.get(sectionKey, () -> new BasicAuthenticator(basic));
            case Oidc oidc -> known.get(sectionKey, () -> oidc(oidc, policy.policy()));
            case ClientCert section -> new ClientCertAuthenticator(section);
            default -> null;
        };
    }

    private Authenticator jwt(Jwt section) {
        return new JwtAuthenticator(
                section.providers().stream()
                        .map(one -> new JwtAuthenticator.TrustedIssuer(one, keys(one.keys())))
                        .toList());
    }

    private Authenticator opaque(Opaque section) {
        return new OpaqueAuthenticator(
                section,
                token ->
                        fetch().introspect(
                                        section.uri(),
                                        section.client().id(),
                                        section.client().secret(),
                                        token),
                outages.of(section.uri(), ProviderEndpoint.INTROSPECTION));
    }

    private Authenticator oidc(Oidc section, String policy) {
        IssuerKeys issuerKeys = keys(new KeySource.Discovered(section.issuer(), JwtDecoding.CACHE));
        ProviderHealth state = outages.of(section.issuer(), ProviderEndpoint.METADATA);
        return new OidcAuthenticator(
                section, policy, new OidcProvider(section, fetch(), issuerKeys, state), sessions);
    }

    private IssuerKeys keys(KeySource origin) {
        return keys.get(
                origin,
                () ->
                        switch (origin) {
                            case KeySource.Given(String jwks) ->
                                    new IssuerKeys.FixedKeys(given(jwks));
                            case KeySource.Location(String uri, var cache) ->
                                    new RemoteKeys(
                                            uri,
                                            () -> fetch().get(uri),
                                            cache,
                                            outages.of(uri, ProviderEndpoint.KEYS));
                            case KeySource.Discovered(String issuer, var cache) ->
                                    new RemoteKeys(
                                            issuer,
                                            () -> fetch().discovered(issuer),
                                            cache,
                                            outages.of(issuer, ProviderEndpoint.KEYS));
                        });
    }

    private static KeySet given(String jwks) {
        try {
            return KeySet.parse(jwks);
        } catch (ParseException e) {
            throw new IllegalArgumentException("translation lets no such key set pass", e);
        }
    }

    private synchronized ProviderClient fetch() {
        if (fetch == null) {
            fetch = new ProviderClient();
        }
        return fetch;
    }
}
