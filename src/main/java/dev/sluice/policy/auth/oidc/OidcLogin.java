package dev.sluice.policy.auth.oidc;

import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A login that a browser has begun, as its cookie holds it.
///
/// @param state that the provider sends back (RFC 6749 10.12)
/// @param nonce that the ID token has to have (OpenID Connect Core 3.1.2.1)
/// @param verifier of the code (RFC 7636)
/// @param target that was asked for
/// @param until milliseconds since 1970
record OidcLogin(String state, String nonce, String verifier, String target, long until) {

    /// How long somebody may take to log in.
    static final long SECONDS = 600;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final SecureRandom RANDOM = new SecureRandom();

    static OidcLogin begin(String target) {
        return new OidcLogin(
                random(), random(), random(), target, System.currentTimeMillis() + 1000 * SECONDS);
    }

    /// 256 bits.
    private static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String text() {
        return JSON.writeValueAsString(this);
    }

    /// @return null when it is not what [#text()] wrote
    static @Nullable OidcLogin of(@Nullable String text) {
        try {
            return text == null ? null : JSON.readValue(text, OidcLogin.class);
        } catch (JacksonException _) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "OidcLogin";
    }
}
