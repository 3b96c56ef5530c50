package dev.sluice.policy.auth.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.Identity;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.authentication.Authenticator;
import dev.sluice.policy.auth.authentication.Challenge;
import dev.sluice.policy.auth.authentication.Claims;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.authentication.TokenHash;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/// Judges signed tokens. One that was good is good again until it expires, or a key of its provider
/// is taken away; only its hash is kept.
public final class JwtAuthenticator implements Authenticator {

    /// Characters of a token: more than a header section should have for it.
    public static final int LONGEST = 16_384;

    private static final String UNVERIFIED = "the token cannot be verified";

    /// Of tokens that do not say when they expire, and a bound for the others.
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final List<TrustedIssuer> sources;
    private final Cache<TokenHash, Verified> verified = TokenHash.cache(KEPT);

    /// A provider, ready to decode.
    public record TrustedIssuer(JwtProvider provider, IssuerKeys keys, NimbusJwtDecoder decoder) {
        public TrustedIssuer(JwtProvider provider, IssuerKeys keys) {
            this(provider, keys, TokenDecoder.of(provider, keys));
        }
    }

    /// @param until milliseconds since 1970
    /// @param generation of the keys before it was verified
    private record Verified(
            AuthenticationResult.Accepted accepted, TrustedIssuer by, long until, int generation) {}

    public JwtAuthenticator(List<TrustedIssuer> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public String scheme() {
        return Challenge.BEARER;
    }

    @Override
    public Set<String> fields() {
        return sources.stream()
                .flatMap(trustedIssuer ->
                        Claims.headers(trustedIssuer.provider().claimToHeaders()).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public AuthenticationResult resume(Exchange exchange) {
        return authenticate(exchange, true);
    }

    /// @param any false to leave tokens that do not look like signed ones to somebody else
    private AuthenticationResult authenticate(Exchange exchange, boolean any) {
        CredentialLocations looked = null;
        String token = null;
        List<TrustedIssuer> able = new ArrayList<>(1);
        for (int i = 0; i < sources.size(); i++) {
            TrustedIssuer trustedIssuer = sources.get(i);
            CredentialLocations places = trustedIssuer.provider().from();
            if (token == null || !places.equals(looked)) {
                if (token != null) {
                    continue; // the token that was found first decides
                }
                CredentialLocations.FoundCredential foundCredential = places.find(exchange);
                looked = places;
                if (foundCredential == null) {
                    continue;
                }
                token = foundCredential.value();
                if (token == null) {
                    return AuthenticationResult.Refused.unclear("more than one token");
                }
            }
            able.add(trustedIssuer);
        }
        return token == null || !any && !isSigned(token)
                ? AuthenticationResult.Absent.ABSENT
                : authenticate(token, able);
    }

    /// Three parts with dots between (RFC 7515 7.1).
    private static boolean isSigned(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        return first > 0 && second > first && token.indexOf('.', second + 1) < 0;
    }

    /// The same beside a section that takes other tokens.
    public record Signed(JwtAuthenticator tokens) implements Authenticator {

        @Override
        public AuthenticationResult resume(Exchange exchange) {
            return tokens.authenticate(exchange, false);
        }

        @Override
        public String scheme() {
            return tokens.scheme();
        }

        @Override
        public Set<String> fields() {
            return tokens.fields();
        }
    }

    private AuthenticationResult authenticate(String token, List<TrustedIssuer> able) {
        if (token.length() > LONGEST) {
            return AuthenticationResult.Refused.invalidToken("the token is too long");
        }
        TokenHash hash = TokenHash.of(token);
        Verified known = verified.getIfPresent(hash);
        if (known != null
                && able.contains(known.by())
                && known.until() > System.currentTimeMillis()
                && known.generation() == known.by().keys().generation()) {
            return known.accepted();
        }
        return new AuthenticationResult.Pending(() -> verify(token, hash, able));
    }

    /// By a virtual thread.
    private AuthenticationResult verify(String token, TokenHash hash, List<TrustedIssuer> able) {
        String issuer;
        try {
            JWTClaimsSet claims = JWTParser.parse(token).getJWTClaimsSet();
            issuer = claims == null ? null : claims.getIssuer(); // not verified
        } catch (ParseException | RuntimeException e) {
            return AuthenticationResult.Refused.invalidToken(UNVERIFIED);
        }
        AuthenticationResult.Refused refused =
                AuthenticationResult.Refused.invalidToken("unknown issuer");
        for (TrustedIssuer trustedIssuer : able) {
            String wanted = trustedIssuer.provider().issuer();
            if (wanted == null || wanted.equals(issuer)) {
                int generation = trustedIssuer.keys().generation();
                try {
                    org.springframework.security.oauth2.jwt.Jwt jwt =
                            trustedIssuer.decoder().decode(token);
                    AuthenticationResult.Accepted accepted = accepted(trustedIssuer, jwt);
                    verified.put(
                            hash,
                            new Verified(
                                    accepted,
                                    trustedIssuer,
                                    until(trustedIssuer, jwt),
                                    generation));
                    return accepted;
                } catch (BadJwtException e) {
                    refused = AuthenticationResult.Refused.invalidToken(reason(e));
                } catch (JwtException e) {
                    refused =
                            AuthenticationResult.Refused.unavailable(
                                    "the keys of the issuer cannot be fetched");
                }
            }
        }
        return refused;
    }

    private static AuthenticationResult.Accepted accepted(
            TrustedIssuer trustedIssuer, org.springframework.security.oauth2.jwt.Jwt jwt) {
        JwtProvider provider = trustedIssuer.provider();
        Identity identity = Claims.identity("jwt", jwt.getClaims());
        return new AuthenticationResult.Accepted(
                identity,
                Claims.fields(identity, provider.claimToHeaders()),
                provider.forward() ? null : provider.from());
    }

    private static long until(
            TrustedIssuer trustedIssuer, org.springframework.security.oauth2.jwt.Jwt jwt) {
        Instant expires = jwt.getExpiresAt();
        return expires == null
                ? Long.MAX_VALUE
                : expires.plus(trustedIssuer.provider().clockSkew()).toEpochMilli();
    }

    /// For clients: which check failed. Nimbus's own words may hold parts of the token.
    private static String reason(BadJwtException e) {
        if (e instanceof JwtValidationException invalid) {
            for (OAuth2Error error : invalid.getErrors()) {
                String text = String.valueOf(error.getDescription());
                if (text.startsWith("Jwt expired")) {
                    return "the token has expired";
                }
                if (text.startsWith("Jwt used before")) {
                    return "the token is not valid yet";
                }
                if (text.contains("The aud claim")) {
                    return "the token is for another audience";
                }
                if (text.contains("The iss claim")) {
                    return "the token is from another issuer";
                }
            }
        }
        return UNVERIFIED;
    }
}
