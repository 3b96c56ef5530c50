package dev.sluice.policy.auth.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;

/// What a provider says to end sessions (OpenID Connect Back-Channel Logout 1.0, 2.4). One of `sid`
/// and `sub` is there.
///
/// @param jti by which it is known when it comes again
/// @param sid the session at the provider; null for all sessions of the user
/// @param sub the user, null when only the session is named
/// @param until milliseconds since 1970 until which it would be taken
record LogoutToken(String jti, @Nullable String sid, @Nullable String sub, long until) {

    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    /// Checks what makes a token a logout token (2.6).
    ///
    /// @param claims of a token whose signature, issuer, audience and times are good
    /// @param skew by how much clocks may differ
    /// @throws BadJwtException when it is none
    static LogoutToken of(JWTClaimsSet claims, Duration skew) {
        try {
            Date issued = required(claims.getIssueTime(), "iat");
            if (issued.toInstant().isAfter(Instant.now().plus(skew))) {
                throw new BadJwtException("iat has not come yet");
            }
            Date expires = required(claims.getExpirationTime(), "exp");
            String jti = required(claims.getJWTID(), "jti");
            Map<String, Object> events = required(claims.getJSONObjectClaim("events"), "events");
            if (!(events.get(EVENT) instanceof Map<?, ?>)) {
                throw new BadJwtException("events has no logout");
            }
            if (claims.getClaims().containsKey("nonce")) {
                throw new BadJwtException("nonce: an ID token ends no session");
            }
            String sid = claims.getStringClaim("sid");
            String sub = claims.getSubject();
            if (sid == null && sub == null) {
                throw new BadJwtException("neither sid nor sub");
            }
            return new LogoutToken(jti, sid, sub, expires.toInstant().plus(skew).toEpochMilli());
        } catch (ParseException e) {
            throw new BadJwtException(String.valueOf(e.getMessage()));
        }
    }

    private static <T> T required(@Nullable T claim, String name) {
        if (claim == null || claim.equals("")) {
            throw new BadJwtException("no " + name);
        }
        return claim;
    }
}
