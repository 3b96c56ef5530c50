package dev.sluice.policy.auth.oidc;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.auth.authentication.ClaimToHeaderSpec;
import dev.sluice.policy.auth.authentication.InvalidSection;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
import dev.sluice.policy.auth.authentication.SectionFields;
import dev.sluice.translate.policy.PolicyReferences;
import dev.sluice.translate.status.Result;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decodes section `oidc`.
public final class OidcDecoding {

    private static final Duration ABSOLUTE = Duration.ofHours(8);

    /// The longest time that a request may wait for Redis.
    private static final Duration MOST = Duration.ofSeconds(1);

    /// Characters of a key: 32 random ones of base64 hold 192 bits.
    private static final int SHORTEST_KEY = 32;

    private OidcDecoding() {}

    public record OidcSectionSpec(
            String issuer,
            ObjectKeyRef clientSecretRef,
            @Nullable List<String> scopes,
            @Nullable String callbackPath,
            @Nullable String logoutPath,
            @Nullable String afterLogoutPath,
            @Nullable String backchannelLogoutPath,
            OidcSessionSpec session,
            @Nullable List<ClaimToHeaderSpec> claimToHeaders,
            @Nullable Boolean relayAccessToken) {}

    record OidcSessionSpec(
            ObjectKeyRef keySecretRef,
            @Nullable String cookie,
            @Nullable String store,
            @Nullable String idle,
            @Nullable String absolute,
            @Nullable String redisTimeout) {}

    /// @param redis whether there is one
    public static Result<PolicySection> decode(
            OidcSectionSpec oidcSectionSpec, PolicyReferences references, boolean redis) {
        ObjectKeyRef ref = oidcSectionSpec.clientSecretRef();
        String field = "oidc.clientSecretRef";
        Set<String> scopes = new LinkedHashSet<>(List.of("openid"));
        scopes.addAll(SectionFields.orEmpty(oidcSectionSpec.scopes()));
        return Result.of(
                new Oidc(
                        SectionFields.uri(oidcSectionSpec.issuer(), "oidc.issuer"),
                        new Oidc.Client(
                                ref.with("client-id").inSecret(references, "client-id", field),
                                ref.with("client-secret")
                                        .inSecretIfThere(references, "client-secret", field)),
                        List.copyOf(scopes),
                        paths(oidcSectionSpec),
                        session(oidcSectionSpec.session(), references, redis),
                        ClaimToHeaderSpec.read(
                                oidcSectionSpec.claimToHeaders(), "oidc.claimToHeaders"),
                        Boolean.TRUE.equals(oidcSectionSpec.relayAccessToken())));
    }

    private static Oidc.Paths paths(OidcSectionSpec oidcSectionSpec) {
        Oidc.Paths paths =
                new Oidc.Paths(
                        or(oidcSectionSpec.callbackPath(), "/oauth2/callback"),
                        or(oidcSectionSpec.logoutPath(), "/logout"),
                        or(oidcSectionSpec.afterLogoutPath(), "/"),
                        oidcSectionSpec.backchannelLogoutPath());
        if (paths.callback().equals(paths.logout())) {
            throw InvalidSection.field(
                    "oidc.logoutPath", "\"" + paths.logout() + "\" is callbackPath");
        }
        String told = paths.backchannelLogout();
        String field = "oidc.backchannelLogoutPath";
        if (told != null && (told.equals(paths.callback()) || told.equals(paths.logout()))) {
            throw InvalidSection.field(field, "\"" + told + "\" is callbackPath or logoutPath");
        }
        if (told != null && !"Redis".equals(oidcSectionSpec.session().store())) {
            throw InvalidSection.field(
                    field,
                    "\""
                            + told
                            + "\" needs session.store Redis: sessions in cookies cannot be taken back");
        }
        return paths;
    }

    private static Oidc.SessionSettings session(
            OidcSessionSpec written, PolicyReferences references, boolean redis) {
        String field = "oidc.session.keySecretRef";
        List<String> keys =
                written.keySecretRef()
                        .inSecret(references, "key", field)
                        .lines()
                        .map(String::strip)
                        .filter(key -> !key.isEmpty())
                        .toList();
        if (keys.isEmpty() || keys.stream().anyMatch(key -> key.length() < SHORTEST_KEY)) {
            throw InvalidSection.field(
                    field,
                    "a key of fewer than %d characters; \"openssl rand -base64 32\" makes one"
                            .formatted(SHORTEST_KEY));
        }
        return new Oidc.SessionSettings(
                keys,
                or(written.cookie(), "sluice-session"),
                positive(written.absolute(), ABSOLUTE, "oidc.session.absolute"),
                store(written, redis));
    }

    private static Oidc.Store store(OidcSessionSpec written, boolean redis) {
        if (!"Redis".equals(written.store())) {
            return new Oidc.Store.Cookie();
        }
        if (!redis) {
            throw InvalidSection.field(
                    "oidc.session.store",
                    "\"Redis\" needs one, and spring.data.redis.* names none");
        }
        String field = "oidc.session.redisTimeout";
        Duration timeout = positive(written.redisTimeout(), Oidc.Store.Redis.TIMEOUT, field);
        if (timeout.compareTo(MOST) > 0) {
            throw InvalidSection.field(field, "\"" + written.redisTimeout() + "\" is over 1s");
        }
        return new Oidc.Store.Redis(
                positive(written.idle(), Oidc.Store.Redis.IDLE, "oidc.session.idle"), timeout);
    }

    private static Duration positive(@Nullable String text, Duration otherwise, String field) {
        Duration duration = SectionFields.duration(text, otherwise, field);
        if (!duration.isPositive()) {
            throw InvalidSection.field(field, "\"" + text + "\" is not more than zero");
        }
        return duration;
    }

    private static String or(@Nullable String written, String otherwise) {
        return written == null ? otherwise : written;
    }
}
