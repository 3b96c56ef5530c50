package dev.sluice.gateway.server;

import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.ProxyProtocol;
import dev.sluice.net.AddressBlocks;
import dev.sluice.policy.auth.AuthStages;
import dev.sluice.policy.auth.authorization.Authorization;
import dev.sluice.policy.auth.authorization.Authorization.AccessConditions;
import dev.sluice.policy.auth.authorization.Authorization.AccessRule;
import dev.sluice.policy.auth.provider.ProviderOutages;
import dev.sluice.policy.ratelimit.Limit;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import dev.sluice.policy.ratelimit.Limits;
import dev.sluice.policy.ratelimit.RateLimitStages;
import dev.sluice.server.ServerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What reads a client's address gets the one that a header of the PROXY protocol names.
class ProxyProtocolPoliciesTest {

    private static final List<String> ANY = List.of();

    private static TestGateway gateway(RawBackend backend, AttachedPolicy... policies) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        return new TestGateway(
                        ServerSettings.DEFAULT.with(AddressBlocks.of(List.of("127.0.0.1"))),
                        _ -> null,
                        new RulePolicies(
                                Map.of(
                                        "AuthPolicy",
                                        new AuthStages(meters, null, new ProviderOutages(meters)),
                                        "RateLimitPolicy",
                                        new RateLimitStages(meters))))
                .proxyProtocol(ProxyProtocol.REQUIRED)
                .backend("one", backend.endpoint())
                .rule("one", policies)
                .publish();
    }

    private static AttachedPolicy policy(String kind, String section, PolicySection value) {
        return new AttachedPolicy(
                kind, section, Mode.ENFORCE, "test/one", "HTTPRoute test/route", value);
    }

    private static String header(String client) {
        return "PROXY TCP4 " + client + " 198.51.100.1 54321 80\r\n";
    }

    private static int status(TestGateway gateway, String address) throws Exception {
        try (RawClient client = gateway.client()) {
            return client.send(header(address) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    .read()
                    .status();
        }
    }

    @Test
    void limits_countByTheAddressOfTheHeader() throws Exception {
        Limit.Rate rate = new Limit.Rate(1, Duration.ofHours(1), 1);
        Limit each = new Limit("each", List.of(new KeyPart.ClientIp(64)), Limit.When.ALWAYS, rate);
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(
                                backend,
                                policy("RateLimitPolicy", "limits", new Limits(List.of(each))))) {
            assertThat(status(gateway, "203.0.113.7")).isEqualTo(200);
            assertThat(status(gateway, "203.0.113.7")).isEqualTo(429);
            assertThat(status(gateway, "203.0.113.8")).isEqualTo(200);
        }
    }

    @Test
    void cidrs_takeTheAddressOfTheHeader() throws Exception {
        AccessConditions office =
                new AccessConditions(
                        ANY, ANY, List.of(), ANY, ANY, List.of("203.0.113.0/24"), ANY, null);
        Authorization section =
                new Authorization(List.of(new AccessRule("office", true, office)), false);
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(backend, policy("AuthPolicy", "authorization", section))) {
            assertThat(status(gateway, "203.0.113.7")).isEqualTo(200);
            assertThat(status(gateway, "127.0.0.1")).isEqualTo(403);
            assertThat(status(gateway, "198.51.100.9")).isEqualTo(403);
        }
    }

    @Test
    void requestsOfHttp2_allHaveTheAddressOfTheHeader() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway(backend);
                RawHttp2Client client =
                        RawHttp2Client.behind(header("203.0.113.7"), gateway.port())) {
            for (int stream = 1; stream < 8; stream += 2) {
                client.send(
                        HEADERS,
                        END_HEADERS | END_STREAM,
                        stream,
                        RawHttp2Client.get("/" + stream));
                RawHttp2Client.Frame answer = client.read(HEADERS);
                assertThat(answer.stream()).isEqualTo(stream);
                assertThat(client.fields(answer).status()).hasToString("200");
                assertThat(new String(client.read(RawHttp2Client.DATA).payload(), ISO_8859_1))
                        .startsWith("GET /" + stream)
                        .containsIgnoringCase("x-forwarded-for: 203.0.113.7\r\n");
            }
        }
    }
}
