package dev.sluice.gateway.auth;

import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.Tls;
import dev.sluice.policy.auth.AuthStages;
import dev.sluice.policy.auth.authentication.ClaimHeader;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.jwt.Jwt;
import dev.sluice.policy.auth.jwt.JwtProvider;
import dev.sluice.policy.auth.jwt.KeySource;
import dev.sluice.policy.auth.oidc.SessionLink;
import dev.sluice.policy.auth.provider.ProviderOutages;
import dev.sluice.policy.ratelimit.RateLimitStages;
import dev.sluice.server.ServerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gateways under an AuthPolicy, with a backend that answers each request with the request.
final class AuthFixture implements AutoCloseable {

    static final List<String> ALL =
            List.of(
                    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                    "EdDSA");

    private static final Duration CACHE = Duration.ofMinutes(5);

    final SimpleMeterRegistry meters;
    final ProviderOutages outages;
    final RawBackend backend = RawBackend.echo();
    private final HttpClient client = HttpClient.newHttpClient();
    private final TestGateway gateway;

    AuthFixture(AttachedPolicy... sections) throws Exception {
        this(null, null, new SimpleMeterRegistry(), sections);
    }

    AuthFixture(@Nullable Tls tls, AttachedPolicy... sections) throws Exception {
        this(tls, null, new SimpleMeterRegistry(), sections);
    }

    /// @param sessions the way to those in Redis
    AuthFixture(SessionLink sessions, SimpleMeterRegistry meters, AttachedPolicy... sections)
            throws Exception {
        this(null, sessions, meters, sections);
    }

    private AuthFixture(
            @Nullable Tls tls,
            @Nullable SessionLink sessions,
            SimpleMeterRegistry meters,
            AttachedPolicy... sections)
            throws Exception {
        this.meters = meters;
        this.outages = new ProviderOutages(meters);
        gateway =
                new TestGateway(
                                ServerSettings.DEFAULT,
                                _ -> null,
                                new RulePolicies(
                                        Map.of(
                                                "AuthPolicy",
                                                        new AuthStages(meters, sessions, outages),
                                                "RateLimitPolicy", new RateLimitStages(meters))))
                        .backend("one", backend.endpoint())
                        .rule("one", sections);
        if (tls != null) {
            gateway.tls(tls);
        }
        gateway.publish();
    }

    static AttachedPolicy section(String name, PolicySection value) {
        return section(Mode.ENFORCE, name, value);
    }

    static AttachedPolicy section(Mode mode, String name, PolicySection value) {
        return new AttachedPolicy("AuthPolicy", name, mode, "test/auth", "HTTPRoute test/r", value);
    }

    static AttachedPolicy jwt(JwtProvider... providers) {
        return section("jwt", new Jwt(List.of(providers), false));
    }

    /// A provider that trusts an issuer's published keys, for audience `shop`.
    static JwtProvider provider(TestIssuer issuer) {
        return provider(issuer.uri(), new KeySource.Location(issuer.keysUri(), CACHE));
    }

    static JwtProvider provider(String issuer, KeySource keys) {
        return new JwtProvider(
                "idp",
                issuer,
                List.of("shop"),
                ALL,
                keys,
                CredentialLocations.BEARER,
                Duration.ofSeconds(30),
                List.of(new ClaimHeader("sub", "x-user")),
                true);
    }

    TestGateway gateway() {
        return gateway;
    }

    HttpResponse<String> get(String path, String... fields) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> form(String path, String body) throws Exception {
        return post(path, body, "content-type", "application/x-www-form-urlencoded");
    }

    HttpResponse<String> post(String path, String body, String... fields) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
        request.headers(fields).POST(BodyPublishers.ofString(body));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> bearer(String token) throws Exception {
        return get("/", "authorization", "Bearer " + token);
    }

    static String challenge(HttpResponse<?> response) {
        return String.join(" | ", response.headers().allValues("www-authenticate"));
    }

    double refused(String mode) {
        return meters.get("sluice.policy.refused").tag("mode", mode).counter().count();
    }

    @Override
    public void close() throws IOException {
        client.close();
        gateway.close();
        backend.close();
    }
}
