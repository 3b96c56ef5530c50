package dev.sluice.policy.auth.jwt;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.security.Key;
import java.security.interfaces.EdECPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/// Makes Spring Security's decoder of a provider's tokens.
public final class TokenDecoder {

    /// RFC 7519 5.1, RFC 9068 2.1; tokens for other purposes, such as logout, are not taken.
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES =
            new DefaultJOSEObjectTypeVerifier<>(
                    JOSEObjectType.JWT,
                    new JOSEObjectType("at+jwt"),
                    new JOSEObjectType("application/at+jwt"),
                    null);

    /// OpenID Connect Back-Channel Logout 1.0, 2.4; older providers name no type, or JWT.
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> LOGOUT_TYPES =
            new DefaultJOSEObjectTypeVerifier<>(
                    JOSEObjectType.JWT,
                    new JOSEObjectType("logout+jwt"),
                    new JOSEObjectType("application/logout+jwt"),
                    null);

    private TokenDecoder() {}

    /// A decoder that may wait for keys.
    public static NimbusJwtDecoder of(JwtProvider provider, IssuerKeys issuerKeys) {
        return of(provider, issuerKeys, TYPES);
    }

    /// The same for logout tokens.
    public static NimbusJwtDecoder ofLogouts(JwtProvider provider, IssuerKeys issuerKeys) {
        return of(provider, issuerKeys, LOGOUT_TYPES);
    }

    private static NimbusJwtDecoder of(
            JwtProvider provider,
            IssuerKeys issuerKeys,
            DefaultJOSEObjectTypeVerifier<SecurityContext> types) {
        Set<JWSAlgorithm> algorithms =
                provider.algorithms().stream()
                        .map(JWSAlgorithm::parse)
                        .collect(Collectors.toUnmodifiableSet());
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(types);
        processor.setJWSKeySelector((header, _) ->
                algorithms.contains(header.getAlgorithm())
                        ? issuerKeys.matching(header)
                        : List.of());
        processor.setJWSVerifierFactory(new Verifiers());
        processor.setJWTClaimsSetVerifier((_, _) -> {}); // Spring's validators do
        NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(validators(provider)));
        return decoder;
    }

    private static List<OAuth2TokenValidator<Jwt>> validators(JwtProvider provider) {
        List<OAuth2TokenValidator<Jwt>> validators = new ArrayList<>();
        validators.add(new JwtTimestampValidator(provider.clockSkew()));
        if (provider.issuer() != null) {
            validators.add(new JwtIssuerValidator(provider.issuer()));
        }
        if (!provider.audiences().isEmpty()) {
            validators.add(
                    new JwtClaimValidator<Collection<String>>(
                            JwtClaimNames.AUD,
                            all ->
                                    all != null
                                            && all.stream()
                                                    .anyMatch(provider.audiences()::contains)));
        }
        return validators;
    }

    /// Nimbus's, and ours for EdDSA.
    private static final class Verifiers implements JWSVerifierFactory {

        private final DefaultJWSVerifierFactory others = new DefaultJWSVerifierFactory();

        @Override
        public JWSVerifier createJWSVerifier(JWSHeader header, Key key)
                throws com.nimbusds.jose.JOSEException {
            return key instanceof EdECPublicKey edwards
                    ? new EdDsa(edwards)
                    : others.createJWSVerifier(header, key);
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return others.supportedJWSAlgorithms();
        }

        @Override
        public com.nimbusds.jose.jca.JCAContext getJCAContext() {
            return others.getJCAContext();
        }
    }
}
