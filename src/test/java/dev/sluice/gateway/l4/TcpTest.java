package dev.sluice.gateway.l4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.TcpClient;
import dev.sluice.fixture.wire.TcpServer;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.Backend;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.ConnectionTimeouts;
import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.L4Rule;
import dev.sluice.ir.Origin;
import dev.sluice.ir.Port;
import dev.sluice.ir.TcpListener;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.ir.Upstream.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Listeners of TCP.
class TcpTest {

    private static Upstream upstream(String id, Endpoint... endpoints) {
        return new Upstream(id, Protocol.TCP, null, List.of(endpoints));
    }

    /// Hands connections to upstreams, each with a weight of one.
    private static Configuration to(Upstream... upstreams) {
        return weighted(
                Arrays.stream(upstreams).map(one -> TestGateway.forward(1, one.id())).toList(),
                upstreams);
    }

    private static Configuration weighted(List<Backend> backends, Upstream... upstreams) {
        Map<String, Upstream> byId = new HashMap<>();
        Arrays.stream(upstreams).forEach(one -> byId.put(one.id(), one));
        Origin origin = new Origin("TCPRoute", "test", "route", 0, null, Instant.EPOCH);
        TcpListener listener =
                new TcpListener("test/gateway/tcp", new L4Rule(origin, List.copyOf(backends)));
        return new Configuration(List.of(port(listener)), byId);
    }

    private static Port port(TcpListener listener) {
        return new Port(TestGateway.PORT, "test/gateway", "127.0.0.1", 0, 5432, List.of(listener));
    }

    @Test
    void serverThatSpeaksFirst_isHeard() throws Exception {
        try (TcpServer server = TcpServer.named("a");
                TestGateway gateway =
                        new TestGateway().publish(to(upstream("a", server.endpoint())));
                TcpClient client = new TcpClient(gateway.port())) {
            assertThat(client.line()).isEqualTo("a");
            assertThat(client.send("hello\n").line()).isEqualTo("hello");
            assertThat(client.send("again\n").line()).isEqualTo("again");
        }
    }

    @Test
    void clientThatEndsWhatItSends_getsTheRest() throws Exception {
        try (TcpServer server =
                        new TcpServer(connection -> {
                            int count = connection.getInputStream().readAllBytes().length;
                            connection.getOutputStream().write(RawBackend.bytes("got " + count));
                        });
                TestGateway gateway =
                        new TestGateway().publish(to(upstream("a", server.endpoint())));
                TcpClient client = new TcpClient(gateway.port())) {
            assertThat(client.send("x".repeat(100_000)).end().rest()).isEqualTo("got 100000");
        }
    }

    @Test
    void serverThatEndsWhatItSends_getsTheRest() throws Exception {
        CountDownLatch got = new CountDownLatch(1);
        try (TcpServer server =
                        new TcpServer(connection -> {
                            connection.getOutputStream().write(RawBackend.bytes("bye"));
                            connection.shutdownOutput();
                            if (connection.getInputStream().readAllBytes().length == 5) {
                                got.countDown();
                            }
                        });
                TestGateway gateway =
                        new TestGateway().publish(to(upstream("a", server.endpoint())));
                TcpClient client = new TcpClient(gateway.port())) {
            assertThat(client.rest()).isEqualTo("bye");
            client.send("later").end();
            assertThat(got.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void resetOfOneSide_endsTheOther() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (TcpServer server =
                        new TcpServer(connection -> {
                            connection.getOutputStream().write(RawBackend.bytes("a\n"));
                            try {
                                connection.getInputStream().readAllBytes();
                            } finally {
                                ended.countDown();
                            }
                        });
                TestGateway gateway =
                        new TestGateway().publish(to(upstream("a", server.endpoint())))) {
            TcpClient client = new TcpClient(gateway.port());
            assertThat(client.line()).isEqualTo("a");
            client.socket().setSoLinger(true, 0);
            client.close();
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void connections_areSharedByWeight() throws Exception {
        try (TcpServer a = TcpServer.named("a");
                TcpServer b = TcpServer.named("b");
                TcpServer c = TcpServer.named("c");
                TestGateway gateway =
                        new TestGateway()
                                .publish(
                                        weighted(
                                                List.of(
                                                        TestGateway.forward(3, "a"),
                                                        TestGateway.forward(1, "b"),
                                                        TestGateway.forward(0, "c")),
                                                upstream("a", a.endpoint()),
                                                upstream("b", b.endpoint()),
                                                upstream("c", c.endpoint())))) {
            Map<String, Integer> counts = new HashMap<>();
            for (int i = 0; i < 400; i++) {
                try (TcpClient client = new TcpClient(gateway.port())) {
                    counts.merge(client.line(), 1, Integer::sum);
                }
            }
            assertThat(counts).containsOnlyKeys("a", "b");
            assertThat(counts.get("a")).isBetween(250, 350); // five standard deviations
        }
    }

    @Test
    void endpointThatRefuses_isLeftForAnother() throws Exception {
        try (TcpServer good = TcpServer.named("good");
                TestGateway gateway =
                        new TestGateway()
                                .publish(
                                        to(
                                                upstream(
                                                        "a",
                                                        good.endpoint(),
                                                        new Endpoint(
                                                                "127.0.0.1",
                                                                Loopback.freePort()))))) {
            for (int i = 0; i < 20; i++) {
                try (TcpClient client = new TcpClient(gateway.port())) {
                    assertThat(client.line()).isEqualTo("good");
                }
            }
        }
    }

    @Test
    void connectionWithoutABackend_isEnded() throws Exception {
        List<Configuration> all =
                List.of(
                        new Configuration(
                                List.of(port(new TcpListener("test/gateway/tcp", null))), Map.of()),
                        weighted(List.of(new Backend.Invalid(1, 0, "gone"))),
                        to(upstream("empty")),
                        to(upstream("away", new Endpoint("127.0.0.1", Loopback.freePort()))));
        for (Configuration configuration : all) {
            try (TestGateway gateway = new TestGateway().publish(configuration);
                    TcpClient client = new TcpClient(gateway.port())) {
                assertThat(client.isEnded()).isTrue();
            }
        }
    }

    /// A mebibyte is what sockets take by themselves here, and we two reads and two marks.
    @Test
    void readerThatPauses_isWaitedFor() throws Exception {
        AtomicLong written = new AtomicLong();
        try (TcpServer server =
                        new TcpServer(connection -> {
                            byte[] part = new byte[64 * 1024];
                            for (int i = 0; i < 1024; i++) {
                                connection.getOutputStream().write(part);
                                written.addAndGet(part.length);
                            }
                        });
                TestGateway gateway =
                        new TestGateway().publish(to(upstream("a", server.endpoint())));
                TcpClient client = new TcpClient(gateway.port())) {
            long[] before = {-1};
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        long now = written.get();
                        boolean rests = now > 0 && now == before[0];
                        before[0] = now;
                        return rests;
                    });
            assertThat(written.get()).isLessThan(32L << 20);
            assertThat(skip(client.socket().getInputStream())).isEqualTo(64L << 20);
        }
    }

    private static long skip(InputStream in) throws IOException {
        long all = 0;
        byte[] part = new byte[64 * 1024];
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            all += count;
        }
        return all;
    }

    @Test
    void changeOfRule_endsNoConnection() throws Exception {
        try (TcpServer a = TcpServer.named("a");
                TcpServer b = TcpServer.named("b");
                TestGateway gateway = new TestGateway().publish(to(upstream("a", a.endpoint())));
                TcpClient before = new TcpClient(gateway.port())) {
            assertThat(before.line()).isEqualTo("a");
            gateway.publish(to(upstream("b", b.endpoint())));
            try (TcpClient after = new TcpClient(gateway.port())) {
                assertThat(after.line()).isEqualTo("b");
            }
            assertThat(before.send("still\n").line()).isEqualTo("still");
        }
    }

    @Test
    void listenerThatGoes_drains_andItsPortIsServedByOthers() throws Exception {
        try (TcpServer a = TcpServer.named("a");
                RawBackend http = RawBackend.saying("http");
                TestGateway gateway = new TestGateway().publish(to(upstream("a", a.endpoint())));
                TcpClient before = new TcpClient(gateway.port())) {
            assertThat(before.line()).isEqualTo("a");
            gateway.to(http);
            assertThat(gateway.client().get("x", "/").body()).isEqualTo("http");
            assertThat(before.send("still\n").line()).isEqualTo("still");
        }
    }

    @Test
    void silentConnection_isEnded() throws Exception {
        AttachedPolicy idle =
                new AttachedPolicy(
                        "ResiliencePolicy",
                        "timeouts",
                        AttachedPolicy.Mode.ENFORCE,
                        "test/p",
                        "Service a",
                        new ConnectionTimeouts(null, Duration.ofMillis(200), null));
        try (TcpServer a = TcpServer.named("a");
                TestGateway gateway =
                        new TestGateway()
                                .publish(
                                        to(
                                                new Upstream(
                                                        "a",
                                                        Protocol.TCP,
                                                        null,
                                                        List.of(a.endpoint()),
                                                        List.of(idle))));
                TcpClient client = new TcpClient(gateway.port())) {
            assertThat(client.line()).isEqualTo("a");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void probeOfHttp_asksEndpointsOfTcp() throws Exception {
        HealthCheck health =
                new HealthCheck(
                        new HealthCheck.Probe.Http("/", List.of(200)),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(5),
                        1,
                        1);
        AttachedPolicy policy =
                new AttachedPolicy(
                        "ResiliencePolicy",
                        "health",
                        AttachedPolicy.Mode.ENFORCE,
                        "test/p",
                        "Service a",
                        health);
        try (RawBackend good = RawBackend.saying("good");
                RawBackend bad =
                        new RawBackend((_, _, out) -> {
                            out.write(RawBackend.empty(503));
                            return true;
                        });
                TestGateway gateway =
                        new TestGateway()
                                .publish(
                                        to(
                                                new Upstream(
                                                        "a",
                                                        Protocol.TCP,
                                                        null,
                                                        List.of(good.endpoint(), bad.endpoint()),
                                                        List.of(policy))))) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(gateway.upstreamGauge("avoided")).isEqualTo(1));
        }
    }
}
