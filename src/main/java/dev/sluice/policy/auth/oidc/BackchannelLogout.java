package dev.sluice.policy.auth.oidc;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.LocalReply;
import dev.sluice.policy.auth.authentication.AuthenticationResult;
import dev.sluice.policy.auth.jwt.JwtAuthenticator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

/// Ends sessions when the provider says so (OpenID Connect Back-Channel Logout 1.0). Anybody may
/// ask; only what the provider has signed, for this client, lately and once, ends a session.
final class BackchannelLogout {

    private static final Logger log = LoggerFactory.getLogger(BackchannelLogout.class);

    private static final String FORM = "application/x-www-form-urlencoded";

    /// Bytes of a form: twice what a token may have.
    private static final int MOST = 2 * JwtAuthenticator.LONGEST;

    private final String issuer;
    private final OidcProvider provider;
    private final RedisSessionStore sessions;

    BackchannelLogout(String issuer, OidcProvider provider, RedisSessionStore sessions) {
        this.issuer = issuer;
        this.provider = provider;
        this.sessions = sessions;
    }

    AuthenticationResult answer(Exchange exchange) {
        if (!exchange.method().equals("POST")) {
            LocalReply localReply = text(405, "a provider logs out by POST");
            localReply.head().headers().set(HttpHeaderNames.ALLOW, "POST");
            return new AuthenticationResult.Answered(localReply);
        }
        if (!isForm(exchange.request().headers().get(HttpHeaderNames.CONTENT_TYPE))) {
            return refused("not a form");
        }
        return new AuthenticationResult.NeedsBody(
                MOST + 1,
                body ->
                        body.length > MOST
                                ? refused("the form is too long")
                                : new AuthenticationResult.Pending(() -> ended(body)));
    }

    private static boolean isForm(@Nullable String type) {
        return type != null && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(FORM);
    }

    private AuthenticationResult ended(byte[] body) {
        String token = token(new String(body, StandardCharsets.UTF_8));
        if (token == null) {
            return refused("not one logout_token");
        }
        try {
            if (!sessions.end(provider.logout(token))) {
                return refused("the token was used before");
            }
            return new AuthenticationResult.Answered(text(200, "logged out"));
        } catch (BadJwtException e) {
            log.warn("{}: a logout token is not taken: {}", issuer, e.getMessage());
            return refused("the token is not good");
        } catch (JwtException _) {
            return refused("the keys of the issuer cannot be fetched");
        } catch (SessionStoreUnavailable _) {
            return refused("sessions cannot be ended now");
        }
    }

    private static @Nullable String token(String form) {
        try {
            List<String> tokens =
                    new QueryStringDecoder("?" + form)
                            .parameters()
                            .getOrDefault("logout_token", List.of());
            return tokens.size() == 1 ? tokens.getFirst() : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// A logout that was not done is 400, whatever the cause (2.8).
    private static AuthenticationResult refused(String reason) {
        return new AuthenticationResult.Answered(text(400, reason));
    }

    private static LocalReply text(int status, String line) {
        LocalReply localReply = LocalReply.text(status, line);
        localReply.head().headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store"); // 2.8
        return localReply;
    }
}
