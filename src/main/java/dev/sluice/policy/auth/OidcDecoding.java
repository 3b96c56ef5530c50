package dev.sluice.policy.auth;

import dev.sluice.ir.PolicySection;
import dev.sluice.translate.Checked;
import dev.sluice.translate.PolicyReferences;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decodes section `oidc`.
final class OidcDecoding {

    private static final Duration LIFETIME = Duration.ofHours(8);

    /// Characters of a key: 32 random ones of base64 hold 192 bits.
    private static final int SHORTEST_KEY = 32;

    private OidcDecoding() {}

    record Written(
            String issuer,
            Referenced clientSecretRef,
            @Nullable List<String> scopes,
            @Nullable String callbackPath,
            @Nullable String logoutPath,
            @Nullable String afterLogoutPath,
            WrittenSession session,
            @Nullable List<JwtDecoding.WrittenClaim> claimToHeaders,
            @Nullable Boolean relayAccessToken) {}

    record WrittenSession(
            Referenced keySecretRef, @Nullable String cookie, @Nullable String lifetime) {}

    static Checked<PolicySection> decode(Written written, PolicyReferences references) {
        Referenced ref = written.clientSecretRef();
        String field = "oidc.clientSecretRef";
        Set<String> scopes = new LinkedHashSet<>(List.of("openid"));
        scopes.addAll(JwtDecoding.orEmpty(written.scopes()));
        return Checked.of(
                new Oidc(
                        JwtDecoding.uri(written.issuer(), "oidc.issuer"),
                        new Oidc.Client(
                                ref.with("client-id").inSecret(references, "client-id", field),
                                ref.with("client-secret")
                                        .inSecretIfThere(references, "client-secret", field)),
                        List.copyOf(scopes),
                        paths(written),
                        session(written.session(), references),
                        JwtDecoding.told(written.claimToHeaders()),
                        Boolean.TRUE.equals(written.relayAccessToken())));
    }

    private static Oidc.Paths paths(Written written) {
        Oidc.Paths paths =
                new Oidc.Paths(
                        or(written.callbackPath(), "/oauth2/callback"),
                        or(written.logoutPath(), "/logout"),
                        or(written.afterLogoutPath(), "/"));
        if (paths.callback().equals(paths.logout())) {
            throw Invalid.field("oidc.logoutPath", "\"" + paths.logout() + "\" is callbackPath");
        }
        return paths;
    }

    private static Oidc.Session session(WrittenSession written, PolicyReferences references) {
        String field = "oidc.session.keySecretRef";
        List<String> keys =
                written.keySecretRef()
                        .inSecret(references, "key", field)
                        .lines()
                        .map(String::strip)
                        .filter(key -> !key.isEmpty())
                        .toList();
        if (keys.isEmpty() || keys.stream().anyMatch(key -> key.length() < SHORTEST_KEY)) {
            throw Invalid.field(
                    field,
                    "a key of fewer than %d characters; \"openssl rand -base64 32\" makes one"
                            .formatted(SHORTEST_KEY));
        }
        return new Oidc.Session(
                keys,
                or(written.cookie(), "sluice-session"),
                JwtDecoding.duration(written.lifetime(), LIFETIME, "oidc.session.lifetime"));
    }

    private static String or(@Nullable String written, String otherwise) {
        return written == null ? otherwise : written;
    }
}
