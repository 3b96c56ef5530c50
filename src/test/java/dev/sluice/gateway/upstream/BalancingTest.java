package dev.sluice.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.http.MessageLimits;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.balance.Balancing;
import dev.sluice.upstream.pool.PoolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Which endpoint gets the next request, and what happens when it does not take it.
class BalancingTest {

    private static TestGateway gateway(Balancing balancing) {
        UpstreamSettings settings =
                new UpstreamSettings(
                        new PoolSettings(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                512,
                                1024,
                                Duration.ofSeconds(5),
                                MessageLimits.DEFAULT),
                        balancing);
        return new TestGateway(
                ServerSettings.DEFAULT, settings, _ -> null, RulePolicies.NONE, Observer.NONE);
    }

    @Test
    void roundRobin_takesTurns() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                RawBackend c = RawBackend.saying("c");
                TestGateway gateway =
                        gateway(Balancing.ROUND_ROBIN)
                                .backend("one", a.endpoint(), b.endpoint(), c.endpoint())
                                .rule("/", "one")
                                .publish()) {
            for (int i = 0; i < 10; i++) {
                // The turn is the Service's, not the connection's or the event loop's.
                for (int j = 0; j < 3; j++) {
                    try (RawClient client = gateway.client()) {
                        client.get("x", "/");
                    }
                }
                int turns = i + 1;
                assertThat(List.of(a, b, c))
                        .allSatisfy(one -> assertThat(one.requests()).hasSize(turns));
            }
        }
    }

    @Test
    void leastRequest_avoidsTheBusyEndpoint() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        RawBackend.Script busy =
                (request, _, out) -> {
                    try {
                        if (request.startsWith("GET /hold ")) {
                            release.await();
                        }
                    } catch (InterruptedException e) {
                        throw new java.io.IOException(e);
                    }
                    out.write(RawBackend.ok("x"));
                    return true;
                };
        try (RawBackend a = new RawBackend(busy);
                RawBackend b = new RawBackend(busy);
                TestGateway gateway =
                        gateway(Balancing.LEAST_REQUEST)
                                .backend("one", a.endpoint())
                                .rule("/", "one")
                                .publish()) {
            List<RawClient> holding = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RawClient client = gateway.client();
                client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
                holding.add(client);
            }
            while (a.requests().size() < 5) {
                Thread.onSpinWait();
            }
            gateway.backend("one", a.endpoint(), b.endpoint()).publish();
            try (RawClient client = gateway.client()) {
                for (int i = 0; i < 400; i++) {
                    client.get("x", "/");
                }
            }
            release.countDown();
            for (RawClient client : holding) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }
            // Both picks fall on the busy one for a quarter of the requests.
            assertThat(a.requests().size() - 5).isBetween(50, 150);
            assertThat(b.requests().size()).isBetween(250, 350);
        }
    }

    @Test
    void refusingEndpoint_isFailedOver() throws Exception {
        Endpoint gone = new Endpoint("127.0.0.1", 1); // tcpmux: nobody has it
        for (Balancing balancing : Balancing.values()) {
            try (RawBackend b = RawBackend.saying("b");
                    TestGateway gateway =
                            gateway(balancing)
                                    .backend("one", gone, b.endpoint())
                                    .rule("/", "one")
                                    .publish();
                    RawClient client = gateway.client()) {
                for (int i = 0; i < 20; i++) {
                    assertThat(client.get("x", "/").body()).isEqualTo("b");
                }
            }
        }
    }
}
