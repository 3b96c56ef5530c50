package dev.sluice.policy.auth.oidc;

import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What the cookies of a session hold.
///
/// @param idToken as the provider issued it; verified then, and sealed since
/// @param accessToken for the backend
/// @param refreshToken null when there is none
/// @param fresh milliseconds since 1970 until which the tokens are good
/// @param until milliseconds since 1970 at which the session ends
record OidcSession(
        String idToken, String accessToken, @Nullable String refreshToken, long fresh, long until) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    String text() {
        return JSON.writeValueAsString(this);
    }

    /// @return null when it is not what [#text()] wrote
    static @Nullable OidcSession of(@Nullable String text) {
        try {
            return text == null ? null : JSON.readValue(text, OidcSession.class);
        } catch (JacksonException _) {
            return null;
        }
    }

    /// Of the ID token.
    Map<String, Object> claims() {
        try {
            return JWTParser.parse(idToken).getJWTClaimsSet().getClaims();
        } catch (ParseException e) {
            throw new IllegalStateException("it was verified", e);
        }
    }

    /// Without tokens.
    @Override
    public String toString() {
        return "OidcSession[until " + until + "]";
    }
}
