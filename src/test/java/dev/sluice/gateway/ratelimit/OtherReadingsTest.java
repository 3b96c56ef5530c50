package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.policy.ratelimit.Limit;
import dev.sluice.policy.ratelimit.Limits;
import dev.sluice.policy.ratelimit.RateLimitStages;
import dev.sluice.server.ServerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Rules of one hostname that differ in policy, over sockets.
class OtherReadingsTest {

    private static final String REFUSED =
            "backends may read the path as one of another rule, which has other policies";

    private final RulePolicies policies =
            new RulePolicies(
                    Map.of("RateLimitPolicy", new RateLimitStages(new SimpleMeterRegistry())));

    private static AttachedPolicy limits() {
        Limit.Rate rate = new Limit.Rate(1, Duration.ofHours(1), 1);
        Limits limits = new Limits(List.of(new Limit("all", List.of(), Limit.When.ALWAYS, rate)));
        return new AttachedPolicy(
                "RateLimitPolicy", "limits", Mode.ENFORCE, "test/limits", "HTTPRoute", limits);
    }

    @Test
    void pathOfAnotherRuleToABackend_isRefused_andOthersGoOnByteForByte() throws Exception {
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway =
                        new TestGateway(ServerSettings.DEFAULT, _ -> null, policies)
                                .backend("one", backend.endpoint())
                                .ruleUnder("/", "one")
                                .ruleUnder("/admin", "one", limits())
                                .publish();
                RawClient client = new RawClient(gateway.port())) {
            assertThat(client.get("h", "/admin").status()).isEqualTo(200);
            assertThat(client.get("h", "/admin").status()).isEqualTo(429);
            for (String path :
                    List.of("/admin;x", "/admin;x/y", "/;/admin", "/admin%2fx", "/Admin/x")) {
                RawClient.Response refused = client.get("h", path);
                assertThat(refused.status()).as(path).isEqualTo(400);
                assertThat(refused.body()).contains(REFUSED);
            }
            assertThat(client.get("h", "/shop;a=%7e/B%2fc").status()).isEqualTo(200);
            assertThat(backend.requests().getLast()).startsWith("GET /shop;a=%7e/B%2fc HTTP/1.1");
            assertThat(backend.requests()).hasSize(2);
        }
    }

    @Test
    void strictListener_refusesHiddenSeparatorsUnderEachRule() throws Exception {
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway =
                        new TestGateway(ServerSettings.DEFAULT, _ -> null, policies)
                                .backend("one", backend.endpoint())
                                .ruleUnder("/", "one")
                                .publish();
                RawClient client = new RawClient(gateway.port())) {
            assertThat(client.get("h", "/a;x").status()).isEqualTo(200);
            gateway.strictPaths().publish();
            for (String path : List.of("/a;x", "/a%3bx", "/a%2Fx", "/a%2fx", "/a%5Cx", "/;")) {
                RawClient.Response refused = client.get("h", path);
                assertThat(refused.status()).as(path).isEqualTo(400);
                assertThat(refused.body()).contains("';', '%3B', '%2F' or '%5C'");
            }
            assertThat(client.get("h", "/A.b%20c?d;e%2F").status()).isEqualTo(200);
        }
    }
}
