package dev.sluice.policy.auth.oidc;

import dev.sluice.policy.SpecReader;
import dev.sluice.policy.auth.authentication.ClaimToHeaderSpec;
import dev.sluice.policy.auth.authentication.ObjectKeyRef;
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

    record OidcSectionSpec(
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
    public static Oidc read(SpecReader in, boolean redis) {
        OidcSectionSpec oidcSectionSpec = in.read(OidcSectionSpec.class);
        ObjectKeyRef ref = oidcSectionSpec.clientSecretRef();
        SpecReader secret = in.at("clientSecretRef");
        Set<String> scopes = new LinkedHashSet<>(List.of("openid"));
        scopes.addAll(SpecReader.orEmpty(oidcSectionSpec.scopes()));
        return new Oidc(
                in.at("issuer").uri(oidcSectionSpec.issuer()),
                new Oidc.Client(
                        ref.with("client-id").inSecret(secret, "client-id"),
                        ref.with("client-secret").inSecretIfThere(secret, "client-secret")),
                List.copyOf(scopes),
                paths(in, oidcSectionSpec),
                session(in.at("session"), oidcSectionSpec.session(), redis),
                ClaimToHeaderSpec.read(oidcSectionSpec.claimToHeaders(), in.at("claimToHeaders")),
                Boolean.TRUE.equals(oidcSectionSpec.relayAccessToken()));
    }

    private static Oidc.Paths paths(SpecReader in, OidcSectionSpec oidcSectionSpec) {
        Oidc.Paths paths =
                new Oidc.Paths(
                        or(oidcSectionSpec.callbackPath(), "/oauth2/callback"),
                        or(oidcSectionSpec.logoutPath(), "/logout"),
                        or(oidcSectionSpec.afterLogoutPath(), "/"),
                        oidcSectionSpec.backchannelLogoutPath());
        if (paths.callback().equals(paths.logout())) {
            throw in.at("logoutPath").error("\"" + paths.logout() + "\" is callbackPath");
        }
        String told = paths.backchannelLogout();
        SpecReader at = in.at("backchannelLogoutPath");
        if (told != null && (told.equals(paths.callback()) || told.equals(paths.logout()))) {
            throw at.error("\"" + told + "\" is callbackPath or logoutPath");
        }
        if (told != null && !"Redis".equals(oidcSectionSpec.session().store())) {
            throw at.error(
                    "\""
                            + told
                            + "\" needs session.store Redis: sessions in cookies cannot be taken back");
        }
        return paths;
    }

    private static Oidc.SessionSettings session(
            SpecReader in, OidcSessionSpec written, boolean redis) {
        SpecReader ref = in.at("keySecretRef");
        List<String> keys =
                written.keySecretRef()
                        .inSecret(ref, "key")
                        .lines()
                        .map(String::strip)
                        .filter(key -> !key.isEmpty())
                        .toList();
        if (keys.isEmpty() || keys.stream().anyMatch(key -> key.length() < SHORTEST_KEY)) {
            throw ref.error(
                    "a key of fewer than %d characters; \"openssl rand -base64 32\" makes one"
                            .formatted(SHORTEST_KEY));
        }
        return new Oidc.SessionSettings(
                keys,
                or(written.cookie(), "sluice-session"),
                positive(in.at("absolute"), written.absolute(), ABSOLUTE),
                store(in, written, redis));
    }

    private static Oidc.Store store(SpecReader in, OidcSessionSpec written, boolean redis) {
        if (!"Redis".equals(written.store())) {
            return new Oidc.Store.Cookie();
        }
        if (!redis) {
            throw in.at("store").error("\"Redis\" needs one, and spring.data.redis.* names none");
        }
        SpecReader at = in.at("redisTimeout");
        Duration timeout = positive(at, written.redisTimeout(), Oidc.Store.Redis.TIMEOUT);
        if (timeout.compareTo(MOST) > 0) {
            throw at.error("\"" + written.redisTimeout() + "\" is over 1s");
        }
        return new Oidc.Store.Redis(
                positive(in.at("idle"), written.idle(), Oidc.Store.Redis.IDLE), timeout);
    }

    private static Duration positive(SpecReader in, @Nullable String text, Duration otherwise) {
        Duration duration = in.duration(text, otherwise);
        if (!duration.isPositive()) {
            throw in.error("\"" + text + "\" is not more than zero");
        }
        return duration;
    }

    private static String or(@Nullable String written, String otherwise) {
        return written == null ? otherwise : written;
    }
}
