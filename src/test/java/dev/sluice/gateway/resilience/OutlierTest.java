package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.LoadBalancer;
import dev.sluice.ir.OutlierDetection;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Section `outlier` of ResiliencePolicies over sockets. Endpoints take turns, so that each is
/// asked.
class OutlierTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration REPROBE = Duration.ofMillis(20);

    private static OutlierDetection after(int connect, int gateway5xx, Duration ejection) {
        return new OutlierDetection(connect, gateway5xx, ejection, LONG, 50, REPROBE);
    }

    private static AttachedPolicy policy(String section, Mode mode, PolicySection value) {
        return new AttachedPolicy(
                "ResiliencePolicy", section, mode, "test/one", "Service one", value);
    }

    private static Upstream upstream(OutlierDetection section, Mode mode, Endpoint... endpoints) {
        LoadBalancer turns = new LoadBalancer(LoadBalancer.Type.ROUND_ROBIN, null, Duration.ZERO);
        return new Upstream(
                "one",
                Upstream.Protocol.HTTP1,
                null,
                List.of(endpoints),
                List.of(
                        policy("loadBalancer", Mode.ENFORCE, turns),
                        policy("outlier", mode, section)));
    }

    private static TestGateway gateway(OutlierDetection section, Endpoint... endpoints) {
        return new TestGateway()
                .backend(upstream(section, Mode.ENFORCE, endpoints))
                .rule("/", "one")
                .publish();
    }

    private static int status(TestGateway gateway) throws Exception {
        try (RawClient client = gateway.client()) {
            return client.get("a", "/").status();
        }
    }

    private static double ejections(TestGateway gateway, String cause, String mode) {
        return gateway.meters()
                .get("sluice.upstream.ejections")
                .tags("upstream", "one", "cause", cause, "mode", mode)
                .counter()
                .count();
    }

    /// Asks until so many endpoints are not picked.
    private static void awaitAvoided(TestGateway gateway, int count) {
        Awaitility.await()
                .until(() -> {
                    status(gateway);
                    return gateway.upstreamGauge("avoided") == count;
                });
    }

    private static RawBackend failing(int status) throws IOException {
        return new RawBackend((_, _, out) -> {
            out.write(RawBackend.empty(status));
            return true;
        });
    }

    @Test
    void refusingEndpoint_isEjected_andComesBackOnceItListens() throws Exception {
        int port = Loopback.freePort();
        try (RawBackend good = RawBackend.saying("good");
                TestGateway gateway =
                        gateway(
                                after(1, 0, SHORT),
                                good.endpoint(),
                                new Endpoint("127.0.0.1", port))) {
            awaitAvoided(gateway, 1);
            assertThat(ejections(gateway, "connect", "enforce")).isEqualTo(1);
            try (RawBackend back =
                    new RawBackend(
                            port,
                            (_, _, out) -> {
                                out.write(RawBackend.ok("back"));
                                return true;
                            })) {
                Awaitility.await().until(() -> gateway.upstreamGauge("avoided") == 0);
                status(gateway);
                status(gateway);
                assertThat(back.requests()).hasSize(1);
            }
        }
    }

    @Test
    void requestsThatFailInARow_ejectTheEndpoint() throws Exception {
        for (int status : List.of(502, 503, 504)) {
            try (RawBackend good = RawBackend.saying("good");
                    RawBackend bad = failing(status);
                    TestGateway gateway =
                            gateway(after(0, 3, LONG), good.endpoint(), bad.endpoint())) {
                awaitAvoided(gateway, 1);
                assertThat(bad.requests()).hasSize(3);
                for (int i = 0; i < 10; i++) {
                    assertThat(status(gateway)).isEqualTo(200);
                }
                assertThat(bad.requests()).hasSize(3);
                assertThat(ejections(gateway, "gateway5xx", "enforce")).isEqualTo(1);
            }
        }
    }

    @Test
    void connectionsThatBreak_ejectTheEndpoint() throws Exception {
        try (RawBackend good = RawBackend.saying("good");
                RawBackend bad = new RawBackend((_, _, _) -> false);
                TestGateway gateway = gateway(after(0, 3, LONG), good.endpoint(), bad.endpoint())) {
            awaitAvoided(gateway, 1);
            assertThat(bad.requests()).hasSize(3);
        }
    }

    @Test
    void otherAnswersBetween_andOtherStatuses_keepTheEndpoint() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend good = RawBackend.saying("good");
                RawBackend wavering =
                        new RawBackend((_, _, out) -> {
                            int status = asked.incrementAndGet() % 3 == 0 ? 500 : 503;
                            out.write(RawBackend.empty(status));
                            return true;
                        });
                TestGateway gateway =
                        gateway(after(1, 3, LONG), good.endpoint(), wavering.endpoint())) {
            for (int i = 0; i < 60; i++) {
                status(gateway);
            }
            assertThat(wavering.requests()).hasSize(30);
            assertThat(gateway.upstreamGauge("avoided")).isZero();
        }
    }

    @Test
    void noMoreThanThePercentage_areEjected() throws Exception {
        try (RawBackend a = failing(503);
                RawBackend b = failing(503);
                RawBackend c = failing(503);
                TestGateway gateway =
                        gateway(after(0, 2, LONG), a.endpoint(), b.endpoint(), c.endpoint())) {
            awaitAvoided(gateway, 1);
            for (int i = 0; i < 40; i++) {
                assertThat(status(gateway)).isEqualTo(503);
                assertThat(gateway.upstreamGauge("avoided")).isEqualTo(1);
            }
        }
    }

    @Test
    void onlyEndpoint_isNeverEjected() throws Exception {
        try (RawBackend bad = failing(503);
                TestGateway gateway = gateway(after(1, 1, LONG), bad.endpoint())) {
            for (int i = 0; i < 20; i++) {
                assertThat(status(gateway)).isEqualTo(503);
            }
            assertThat(bad.requests()).hasSize(20);
            assertThat(gateway.upstreamGauge("avoided")).isZero();
        }
    }

    @Test
    void endpointsThatGo_bringBackThoseThatAreTooMany() throws Exception {
        OutlierDetection section = after(0, 1, LONG);
        try (RawBackend a = failing(503);
                RawBackend b = failing(503);
                RawBackend c = RawBackend.saying("c");
                RawBackend d = RawBackend.saying("d");
                TestGateway gateway =
                        gateway(section, a.endpoint(), b.endpoint(), c.endpoint(), d.endpoint())) {
            awaitAvoided(gateway, 2);
            gateway.backend(
                            upstream(
                                    section,
                                    Mode.ENFORCE,
                                    a.endpoint(),
                                    b.endpoint(),
                                    c.endpoint()))
                    .publish();
            Awaitility.await().until(() -> gateway.upstreamGauge("avoided") == 1);
        }
    }

    @Test
    void onlyEjectedEndpoints_areProbed() throws Exception {
        AtomicInteger probes = new AtomicInteger();
        try (RawBackend good = RawBackend.saying("good");
                ServerSocket bad = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
                TestGateway gateway =
                        gateway(
                                after(0, 1, Duration.ofSeconds(2)),
                                good.endpoint(),
                                new Endpoint("127.0.0.1", bad.getLocalPort()))) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            while (true) {
                                Socket connection = bad.accept();
                                probes.incrementAndGet();
                                connection.close(); // before any answer
                            }
                        } catch (IOException e) {
                            // closed
                        }
                    });
            awaitAvoided(gateway, 1);
            int ofRequests = probes.get();
            int connections = good.connections();
            Awaitility.await().until(() -> gateway.upstreamGauge("avoided") == 0);
            assertThat(probes.get()).isEqualTo(ofRequests + 1);
            assertThat(good.connections()).isEqualTo(connections);
        }
    }

    @Test
    void shadow_countsAndPicksAll() throws Exception {
        try (RawBackend good = RawBackend.saying("good");
                RawBackend bad = failing(503);
                TestGateway gateway =
                        new TestGateway()
                                .backend(
                                        upstream(
                                                after(0, 3, LONG),
                                                Mode.SHADOW,
                                                good.endpoint(),
                                                bad.endpoint()))
                                .rule("/", "one")
                                .publish()) {
            for (int i = 0; i < 20; i++) {
                status(gateway);
            }
            assertThat(bad.requests()).hasSize(10);
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(ejections(gateway, "gateway5xx", "shadow")).isOne());
            assertThat(gateway.upstreamGauge("avoided")).isZero();
        }
    }
}
