package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.introspection.Opaque;
import dev.sluice.policy.auth.jwt.KeySource;
import dev.sluice.policy.auth.provider.ProviderOutages.Outage;
import dev.sluice.policy.auth.provider.ProviderOutages.ProviderEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/// Identity providers that stop and start again: what operators see of it.
class ProviderOutageTest {

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20));
    }

    private static double away(
            AuthFixture gateway, String provider, ProviderEndpoint providerEndpoint) {
        return gateway.meters
                .get("sluice.auth.provider.away")
                .tags("provider", provider, "purpose", providerEndpoint.toString())
                .gauge()
                .value();
    }

    private static void assertAway(
            AuthFixture gateway,
            String provider,
            ProviderEndpoint providerEndpoint,
            Instant stopped) {
        assertThat(gateway.outages.now())
                .filteredOn(outage -> outage.purpose() == providerEndpoint)
                .singleElement()
                .satisfies(outage -> {
                    assertThat(outage.provider()).isEqualTo(provider);
                    assertThat(outage.since()).isBetween(stopped, Instant.now());
                    assertThat(outage.why()).contains("ConnectException");
                });
        assertThat(away(gateway, provider, providerEndpoint)).isEqualTo(1);
    }

    @Test
    void keys_areTold_whileTheLastGoodOnesServe() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            RSAKey key = issuer.rsa("k");
            String uri = issuer.keysUri();
            KeySource keys = new KeySource.Location(uri, Duration.ofMillis(20));
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer.uri(), keys)))) {
                String token = issuer.token(JWSAlgorithm.RS256, key);
                assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                assertThat(gateway.outages.now()).isEmpty();
                assertThat(away(gateway, uri, ProviderEndpoint.KEYS)).isZero();
                Instant stopped = Instant.now();
                issuer.stop();
                await().until(() -> {
                    assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                    return gateway.outages.now().stream()
                            .anyMatch(outage -> outage.why().contains("ConnectException"));
                });
                assertAway(gateway, uri, ProviderEndpoint.KEYS, stopped);
                Instant since = gateway.outages.now().getFirst().since();
                issuer.start();
                await().until(() -> {
                    assertThat(gateway.bearer(token).statusCode()).isEqualTo(200);
                    List<Outage> now = gateway.outages.now();
                    assertThat(now).allMatch(outage -> outage.since().equals(since));
                    return now.isEmpty();
                });
                assertThat(away(gateway, uri, ProviderEndpoint.KEYS)).isZero();
            }
        }
    }

    @Test
    void introspection_isTold() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            String uri = issuer.uri() + "/introspect";
            issuer.opaque("t1", "{\"active\":true,\"sub\":\"7\"}");
            Opaque section =
                    new Opaque(
                            uri,
                            new Opaque.IntrospectionClient("gateway", "s3cret"),
                            List.of(),
                            Duration.ofMinutes(1),
                            CredentialLocations.BEARER,
                            List.of(),
                            false,
                            false);
            try (AuthFixture gateway = new AuthFixture(AuthFixture.section("opaque", section))) {
                Instant stopped = Instant.now();
                issuer.stop();
                assertThat(gateway.bearer("t1").statusCode()).isEqualTo(503);
                assertAway(gateway, uri, ProviderEndpoint.INTROSPECTION, stopped);
                assertThat(gateway.outages.now().toString()).doesNotContain("t1", "s3cret");
                issuer.start();
                assertThat(gateway.bearer("t1").statusCode()).isEqualTo(200);
                assertThat(gateway.outages.now()).isEmpty();
                assertThat(away(gateway, uri, ProviderEndpoint.INTROSPECTION)).isZero();
            }
        }
    }

    @Test
    void discovery_isTold() throws Exception {
        try (LoginBrowser browser = new LoginBrowser()) {
            String issuer = browser.issuer.uri();
            Instant stopped = Instant.now();
            browser.issuer.stop();
            try (AuthFixture gateway = new AuthFixture(browser.oidc())) {
                assertThat(browser.page(gateway, "/").statusCode()).isEqualTo(503);
                assertAway(gateway, issuer, ProviderEndpoint.METADATA, stopped);
                await().until(() -> gateway.outages.now().size() == 2);
                assertAway(gateway, issuer, ProviderEndpoint.KEYS, stopped);
                browser.issuer.start();
                await().until(() -> {
                    browser.page(gateway, browser.callback(gateway, "/"));
                    return gateway.outages.now().isEmpty();
                });
                assertThat(away(gateway, issuer, ProviderEndpoint.METADATA)).isZero();
            }
        }
    }
}
