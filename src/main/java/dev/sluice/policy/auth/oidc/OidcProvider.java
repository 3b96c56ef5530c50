package dev.sluice.policy.auth.oidc;

import com.nimbusds.jwt.JWTParser;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.jwt.IssuerKeys;
import dev.sluice.policy.auth.jwt.JwtDecoding;
import dev.sluice.policy.auth.jwt.JwtProvider;
import dev.sluice.policy.auth.jwt.KeySource;
import dev.sluice.policy.auth.jwt.TokenDecoder;
import dev.sluice.policy.auth.provider.ProviderClient;
import dev.sluice.policy.auth.provider.ProviderHealth;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/// An identity provider, asked with Spring Security's clients. Blocks: for virtual threads.
public final class OidcProvider {

    /// How long metadata are good; while the provider is away the last ones stay.
    private static final long GOOD = Duration.ofMinutes(10).toNanos();

    private final Oidc section;
    private final ProviderClient fetch;
    private final ProviderHealth state;
    private final NimbusJwtDecoder decoder;
    private final NimbusJwtDecoder logouts;
    private final RestClientAuthorizationCodeTokenResponseClient codes =
            new RestClientAuthorizationCodeTokenResponseClient();
    private final RestClientRefreshTokenTokenResponseClient refreshes =
            new RestClientRefreshTokenTokenResponseClient();
    private volatile @Nullable ProviderMetadata providerMetadata;

    /// @param read as of [System#nanoTime()]
    private record ProviderMetadata(
            String authorization,
            String token,
            String endSession,
            boolean namesIssuer,
            long read) {}

    /// @param issuerKeys of the provider
    /// @param state notified whether its metadata could be read
    public OidcProvider(
            Oidc section, ProviderClient fetch, IssuerKeys issuerKeys, ProviderHealth state) {
        this.state = state;
        this.section = section;
        this.fetch = fetch;
        JwtProvider tokens =
                new JwtProvider(
                        "oidc",
                        section.issuer(),
                        List.of(section.client().id()),
                        JwtDecoding.ALGORITHMS,
                        new KeySource.Discovered(section.issuer(), JwtDecoding.CACHE),
                        CredentialLocations.BEARER,
                        JwtDecoding.SKEW,
                        List.of(),
                        false);
        this.decoder = TokenDecoder.of(tokens, issuerKeys);
        this.logouts = TokenDecoder.ofLogouts(tokens, issuerKeys);
        RestClient client = client(fetch);
        codes.setRestClient(client);
        refreshes.setRestClient(client);
    }

    private static RestClient client(ProviderClient fetch) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(fetch.client());
        requests.setReadTimeout(ProviderClient.WHOLE);
        return RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters ->
                        converters
                                .addCustomConverter(new FormHttpMessageConverter())
                                .addCustomConverter(
                                        new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build();
    }

    private ProviderMetadata metadata() throws IOException, InterruptedException {
        ProviderMetadata known = providerMetadata;
        if (known != null && System.nanoTime() - known.read() < GOOD) {
            return known;
        }
        try {
            JsonNode read = fetch.metadata(section.issuer());
            known =
                    new ProviderMetadata(
                            endpoint(read, "authorization_endpoint"),
                            endpoint(read, "token_endpoint"),
                            read.path("end_session_endpoint").asString(""),
                            read.path("authorization_response_iss_parameter_supported")
                                    .asBoolean(false),
                            System.nanoTime());
            providerMetadata = known;
            state.onSuccess();
        } catch (IOException e) {
            state.onFailure(e);
            if (known == null) {
                throw e;
            }
        }
        return known;
    }

    private static String endpoint(JsonNode metadata, String name) throws IOException {
        String uri = metadata.path(name).asString("");
        if (!uri.startsWith("http")) {
            throw new IOException("its metadata have no " + name);
        }
        return uri;
    }

    private ClientRegistration registration(String callback)
            throws IOException, InterruptedException {
        ProviderMetadata known = metadata();
        Oidc.Client client = section.client();
        return ClientRegistration.withRegistrationId("oidc")
                .clientId(client.id())
                .clientSecret(client.secret() == null ? "" : client.secret())
                .clientAuthenticationMethod(
                        client.secret() == null
                                ? ClientAuthenticationMethod.NONE
                                : ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri(callback)
                .scope(section.scopes())
                .authorizationUri(known.authorization())
                .tokenUri(known.token())
                .issuerUri(section.issuer())
                .build();
    }

    /// Where a browser begins a login.
    ///
    /// @param callback absolute
    String authorization(OidcLogin login, String callback)
            throws IOException, InterruptedException {
        return request(login, callback).getAuthorizationRequestUri();
    }

    private OAuth2AuthorizationRequest request(OidcLogin login, String callback)
            throws IOException, InterruptedException {
        return OAuth2AuthorizationRequest.authorizationCode()
                .clientId(section.client().id())
                .authorizationUri(metadata().authorization())
                .redirectUri(callback)
                .scopes(new LinkedHashSet<>(section.scopes()))
                .state(login.state())
                .attributes(all -> all.put(PkceParameterNames.CODE_VERIFIER, login.verifier()))
                .additionalParameters(all -> {
                    all.put(OidcParameterNames.NONCE, login.nonce());
                    all.put(PkceParameterNames.CODE_CHALLENGE, Pkce.challenge(login.verifier()));
                    all.put(PkceParameterNames.CODE_CHALLENGE_METHOD, "S256");
                })
                .build();
    }

    /// Whether an answer may be the provider's (RFC 9207).
    ///
    /// @param issuer that the answer names, null for none
    boolean isFrom(@Nullable String issuer) throws IOException, InterruptedException {
        return issuer == null ? !metadata().namesIssuer() : issuer.equals(section.issuer());
    }

    /// Changes a code into a session.
    ///
    /// @throws org.springframework.security.oauth2.core.OAuth2AuthorizationException when the
    ///   provider refuses it
    /// @throws JwtException when the ID token is not good
    OidcSession session(OidcLogin login, String code, String callback)
            throws IOException, InterruptedException {
        ClientRegistration registration = registration(callback);
        OAuth2AccessTokenResponse response =
                codes.getTokenResponse(
                        new OAuth2AuthorizationCodeGrantRequest(
                                registration,
                                new OAuth2AuthorizationExchange(
                                        request(login, callback),
                                        OAuth2AuthorizationResponse.success(code)
                                                .redirectUri(callback)
                                                .state(login.state())
                                                .build())));
        Jwt token = verified(response, registration);
        if (token == null || !login.nonce().equals(token.getClaimAsString("nonce"))) {
            throw new BadJwtException("the ID token is not of this login");
        }
        return session(
                response,
                token.getTokenValue(),
                null,
                System.currentTimeMillis() + section.session().absolute().toMillis());
    }

    /// A session with new tokens.
    ///
    /// @throws org.springframework.security.oauth2.core.OAuth2AuthorizationException when the
    ///   provider does not go on with it
    OidcSession refreshed(OidcSession session) throws IOException, InterruptedException {
        String refreshToken = Objects.requireNonNull(session.refreshToken());
        Instant now = Instant.now();
        ClientRegistration registration = registration("https://unused.invalid/");
        OAuth2AccessTokenResponse response =
                refreshes.getTokenResponse(
                        new OAuth2RefreshTokenGrantRequest(
                                registration,
                                new OAuth2AccessToken(
                                        OAuth2AccessToken.TokenType.BEARER,
                                        session.accessToken(),
                                        now.minusSeconds(1),
                                        now),
                                new OAuth2RefreshToken(refreshToken, null)));
        Jwt token = verified(response, registration);
        if (token != null && !Objects.equals(token.getSubject(), session.claims().get("sub"))) {
            throw new BadJwtException(
                    "the ID token is somebody else's"); // OpenID Connect Core 12.2
        }
        return session(
                response,
                token == null ? session.idToken() : token.getTokenValue(),
                refreshToken,
                session.until());
    }

    /// @return null when the response has no ID token
    private @Nullable Jwt verified(
            OAuth2AccessTokenResponse response, ClientRegistration registration) {
        Object idToken = response.getAdditionalParameters().get(OidcParameterNames.ID_TOKEN);
        if (idToken == null) {
            return null;
        }
        Jwt token = decoder.decode(idToken.toString());
        OidcIdTokenValidator validator = new OidcIdTokenValidator(registration);
        if (validator.validate(token).hasErrors()) {
            throw new BadJwtException("the ID token is not for this client");
        }
        return token;
    }

    private static OidcSession session(
            OAuth2AccessTokenResponse response,
            String idToken,
            @Nullable String refreshToken,
            long until) {
        OAuth2AccessToken access = response.getAccessToken();
        OAuth2RefreshToken refresh = response.getRefreshToken();
        Instant expires = access.getExpiresAt();
        return new OidcSession(
                idToken,
                access.getTokenValue(),
                refresh == null ? refreshToken : refresh.getTokenValue(),
                expires == null ? until : Math.min(until, expires.toEpochMilli()),
                until);
    }

    /// What the provider says to end sessions.
    ///
    /// @throws BadJwtException when it is not the provider's, not for this client, or no logout
    ///   token
    /// @throws JwtException when the provider's keys cannot be fetched
    LogoutToken logout(String token) {
        Jwt _ = logouts.decode(token);
        try {
            // As it is written: Spring's claims have defaults for what is missing.
            return LogoutToken.of(JWTParser.parse(token).getJWTClaimsSet(), JwtDecoding.SKEW);
        } catch (ParseException e) {
            throw new BadJwtException(String.valueOf(e.getMessage()));
        }
    }

    /// Where a browser ends its session at the provider (OpenID Connect RP-Initiated Logout 1.0).
    ///
    /// @param session null when there is none
    /// @param back absolute, where it goes then
    /// @return `back` where the provider has no such page
    String endSession(@Nullable OidcSession session, String back)
            throws IOException, InterruptedException {
        String page = metadata().endSession();
        if (page.isEmpty()) {
            return back;
        }
        StringBuilder uri = new StringBuilder(page).append(page.contains("?") ? '&' : '?');
        uri.append("client_id=").append(ProviderClient.encoded(section.client().id()));
        uri.append("&post_logout_redirect_uri=").append(ProviderClient.encoded(back));
        if (session != null) {
            uri.append("&id_token_hint=").append(session.idToken());
        }
        return uri.toString();
    }
}
