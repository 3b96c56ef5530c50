package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.policy.auth.authentication.ClaimHeader;
import dev.sluice.policy.auth.oidc.Oidc;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A browser, which holds cookies, and the provider at which it logs in, which signs for real.
final class LoginBrowser implements AutoCloseable {

    static final String KEY = "k".repeat(40);

    final TestIssuer issuer;
    private final RSAKey key;
    final Map<String, String> cookies = new LinkedHashMap<>();
    final AtomicInteger tokens = new AtomicInteger();

    /// What the token endpoint was sent last.
    volatile Map<String, List<String>> form = Map.of();

    /// What the next ID token says.
    volatile String nonce = "";

    volatile String subject = "alice";
    volatile String audience = "gateway";
    volatile int expiresIn = 300;
    volatile String sid = "sid-1";
    volatile @Nullable String filler;
    volatile @Nullable String backchannel;
    volatile Duration absolute = Duration.ofHours(1);

    /// What happens at the provider while it renews tokens; it takes each refresh token once.
    volatile Runnable whileRenewing = () -> {};

    final AtomicInteger refusals = new AtomicInteger();
    private final Set<String> spent = ConcurrentHashMap.newKeySet();

    LoginBrowser() throws Exception {
        issuer = new TestIssuer();
        key = issuer.rsa("k");
        issuer.tokens(this::token);
    }

    @Override
    public void close() {
        issuer.close();
    }

    private String token(String body) {
        Map<String, List<String>> sent = new QueryStringDecoder("?" + body).parameters();
        form = sent;
        String spending = sent.getOrDefault("refresh_token", List.of("")).getFirst();
        if (!spending.isEmpty()) {
            if (!spent.add(spending)) {
                refusals.incrementAndGet();
                return "{\"error\": \"invalid_grant\"}";
            }
            whileRenewing.run();
        }
        int number = tokens.incrementAndGet();
        try {
            var claims =
                    issuer.claims()
                            .subject(subject)
                            .audience(audience)
                            .claim("sid", sid)
                            .issueTime(Date.from(Instant.now()));
            if (!nonce.isEmpty()) {
                claims.claim("nonce", nonce);
            }
            if (filler != null) {
                claims.claim("filler", filler);
            }
            return """
            {"access_token": "access-%1$d", "token_type": "Bearer", "expires_in": %2$d,
             "refresh_token": "refresh-%1$d", "id_token": "%3$s"}
            """
                    .formatted(
                            number,
                            expiresIn,
                            issuer.token(JWSAlgorithm.RS256, key, claims.build()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// The provider's key.
    RSAKey key() {
        return key;
    }

    /// A token that the provider has signed.
    ///
    /// @param type of the header
    String signed(String type, JWTClaimsSet claims) throws Exception {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType(type))
                        .keyID(key.getKeyID())
                        .build();
        return issuer.sign(header, key, claims);
    }

    AttachedPolicy oidc() {
        return oidc(List.of(KEY));
    }

    AttachedPolicy oidc(List<String> keys) {
        return oidc(keys, new Oidc.Store.Cookie());
    }

    AttachedPolicy oidc(List<String> keys, Oidc.Store store) {
        return AuthFixture.section(
                "oidc",
                new Oidc(
                        issuer.uri(),
                        new Oidc.Client("gateway", "s3cret"),
                        List.of("openid", "profile"),
                        new Oidc.Paths("/oauth2/callback", "/logout", "/bye", backchannel),
                        new Oidc.SessionSettings(keys, "session", absolute, store),
                        List.of(new ClaimHeader("sub", "x-user")),
                        true));
    }

    /// A page asked for by the browser, which takes the cookies of the answer.
    HttpResponse<String> page(AuthFixture gateway, String path, String... fields) throws Exception {
        String[] all = new String[fields.length + 4];
        all[0] = "accept";
        all[1] = "text/html";
        all[2] = "cookie";
        all[3] =
                cookies.entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining("; "))
                        + "; own=1";
        System.arraycopy(fields, 0, all, 4, fields.length);
        HttpResponse<String> response = gateway.get(path, all);
        for (String cookie : response.headers().allValues("set-cookie")) {
            assertThat(cookie).contains("; HttpOnly").contains("; SameSite=Lax").contains("Path=/");
            String name = cookie.substring(0, cookie.indexOf('='));
            String value = cookie.substring(name.length() + 1, cookie.indexOf(';'));
            assertThat(cookie.length()).isLessThan(4096);
            if (cookie.contains("Max-Age=0")) {
                cookies.remove(name);
            } else {
                cookies.put(name, value);
            }
        }
        return response;
    }

    static String location(HttpResponse<?> response) {
        assertThat(response.statusCode()).as(String.valueOf(response.body())).isEqualTo(302);
        return response.headers().firstValue("location").orElseThrow();
    }

    /// Goes to the provider and comes back.
    String callback(AuthFixture gateway, String path) throws Exception {
        Map<String, List<String>> query =
                new QueryStringDecoder(location(page(gateway, path))).parameters();
        nonce = one(query, "nonce");
        return "/oauth2/callback?code=c0de&state=" + one(query, "state");
    }

    static String one(Map<String, List<String>> query, String name) {
        return Objects.requireNonNull(query.get(name)).getFirst();
    }

    void login(AuthFixture gateway, String path) throws Exception {
        String back = location(page(gateway, callback(gateway, path)));
        assertThat(back).isEqualTo("http://127.0.0.1:" + gateway.gateway().port() + path);
    }
}
