package dev.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sluice.policy.auth.authentication.CredentialLocations;
import dev.sluice.policy.auth.introspection.Opaque;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/// Identity providers whose answers stop in the middle of their bodies, on connections that stay.
class ProviderStallTest {

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void keys_areFetchedAgain() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            RSAKey key = issuer.rsa("k");
            issuer.stalls(true);
            try (AuthFixture gateway =
                    new AuthFixture(AuthFixture.jwt(AuthFixture.provider(issuer)))) {
                String token = issuer.token(JWSAlgorithm.RS256, key);
                await().until(() ->
                        gateway.outages.now().stream()
                                .anyMatch(outage -> outage.why().contains("HttpTimeoutException")));
                assertThat(gateway.bearer(token).statusCode()).isEqualTo(503);
                issuer.stalls(false);
                await().until(() -> gateway.bearer(token).statusCode() == 200);
                assertThat(gateway.outages.now()).isEmpty();
            }
        }
    }

    @Test
    void introspection_isAnswered503_andAsksAgain() throws Exception {
        try (TestIssuer issuer = new TestIssuer();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            issuer.opaque("good", "{\"active\":true,\"sub\":\"7\"}");
            Opaque section =
                    new Opaque(
                            issuer.uri() + "/introspect",
                            new Opaque.IntrospectionClient("gateway", "s3cret"),
                            List.of(),
                            Duration.ofMinutes(1),
                            CredentialLocations.BEARER,
                            List.of(),
                            false,
                            false);
            try (AuthFixture gateway = new AuthFixture(AuthFixture.section("opaque", section))) {
                issuer.stalls(true);
                List<Callable<Integer>> all = new ArrayList<>();
                for (int i = 0; i < 100; i++) { // more than may ask at a time
                    String token = "t" + i;
                    all.add(() -> gateway.bearer(token).statusCode());
                }
                for (Future<Integer> one : clients.invokeAll(all)) {
                    assertThat(one.get()).isEqualTo(503);
                }
                issuer.stalls(false);
                assertThat(gateway.bearer("good").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void login_isAnswered503_andTheNextOneGoesOn() throws Exception {
        try (LoginBrowser browser = new LoginBrowser();
                AuthFixture gateway = new AuthFixture(browser.oidc())) {
            browser.login(gateway, "/"); // has the provider's keys, so that only the code stalls
            browser.cookies.clear();
            String callback = browser.callback(gateway, "/");
            browser.issuer.stalls(true);
            HttpResponse<String> response = browser.page(gateway, callback);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("the identity provider cannot be asked");
            browser.issuer.stalls(false);
            browser.login(gateway, "/a");
            assertThat(browser.page(gateway, "/a").statusCode()).isEqualTo(200);
        }
    }
}
