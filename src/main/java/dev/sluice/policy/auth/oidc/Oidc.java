package dev.sluice.policy.auth.oidc;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.ClaimHeader;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Section `oidc`: people log in at an identity provider (OpenID Connect Core 1.0, authorization
/// code flow with PKCE), and a session in encrypted cookies or in Redis remembers it.
///
/// @param issuer where its metadata is found (OpenID Connect Discovery 1.0)
/// @param client of the gateway at the provider
/// @param scopes that are asked for, `openid` among them
/// @param paths that the policy answers itself
/// @param session how long it is good, and what encrypts it
/// @param claimToHeaders claims of the ID token that the backend receives in header fields
/// @param relay whether the backend gets the access token, as a Bearer token
public record Oidc(
        String issuer,
        Client client,
        List<String> scopes,
        Paths paths,
        SessionSettings session,
        List<ClaimHeader> claimToHeaders,
        boolean relay)
        implements PolicySection {

    public Oidc {
        scopes = List.copyOf(scopes);
        claimToHeaders = List.copyOf(claimToHeaders);
    }

    /// @param secret null for a public client
    public record Client(String id, @Nullable String secret) {

        /// Without the secret.
        @Override
        public String toString() {
            return "Client[" + id + "]";
        }
    }

    /// @param callback to which the provider sends the browser back
    /// @param logout ends the session, here and at the provider
    /// @param afterLogout where the browser goes then
    /// @param backchannelLogout where the provider reports that sessions have ended; null for
    ///   nowhere. For sessions in Redis
    public record Paths(
            String callback,
            String logout,
            String afterLogout,
            @Nullable String backchannelLogout) {}

    /// @param keys at least one of 32 characters or more; the first encrypts, all decrypt
    /// @param cookie name of the cookies
    /// @param absolute after which the user has to log in again, whatever the provider says
    /// @param store where sessions are
    public record SessionSettings(
            List<String> keys, String cookie, Duration absolute, Store store) {

        public SessionSettings {
            keys = List.copyOf(keys);
        }

        /// Without the keys.
        @Override
        public String toString() {
            return "Session[" + cookie + ", " + absolute + ", " + store + "]";
        }
    }

    /// Where sessions are.
    public sealed interface Store {

        /// With the browser, in encrypted cookies.
        record Cookie() implements Store {}

        /// In Redis; the browser has an id.
        ///
        /// @param idle after which a session ends that nobody uses
        /// @param timeout how long a request may wait for Redis, 1 ms to 1 s
        record Redis(Duration idle, Duration timeout) implements Store {

            public static final Duration IDLE = Duration.ofMinutes(30);
            public static final Duration TIMEOUT = Duration.ofMillis(20);
        }
    }

    @Override
    public String text() {
        return "login at "
                + issuer
                + switch (session.store()) {
                    case Store.Cookie _ -> "";
                    case Store.Redis _ -> ", sessions in Redis";
                };
    }
}
