package dev.sluice.gateway.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.Fault;
import dev.sluice.fixture.gateway.Fault.Position;
import dev.sluice.fixture.gateway.Fault.Unexpected;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.pool.PoolSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What nobody expected ends one request: it is answered with 500 and reported, gives everything
/// back, and other requests, also those of the same connection, do not notice.
abstract class BarrierContract {

    /// Connections to the backend: fewer than requests that fail, so that a lost one is noticed.
    static final int CONNECTIONS = 3;

    private static final int FAILING = 5;

    static final UpstreamSettings FEW =
            UpstreamSettings.of(
                    new PoolSettings(
                            PoolSettings.DEFAULT.connectTimeout(),
                            PoolSettings.DEFAULT.idleTimeout(),
                            PoolSettings.DEFAULT.responseTimeout(),
                            PoolSettings.DEFAULT.tunnelTimeout(),
                            CONNECTIONS,
                            1,
                            Duration.ofMillis(500),
                            PoolSettings.DEFAULT.messageLimits()));

    private final CountDownLatch release = new CountDownLatch(1);

    /// A gateway whose rules take the way that the subclass is about.
    abstract TestGateway gateway(
            ServerSettings settings,
            UpstreamSettings upstream,
            RulePolicies policies,
            Observer observer);

    static Stream<Arguments> faults() {
        return Arrays.stream(Position.values())
                .flatMap(position ->
                        Arrays.stream(Unexpected.values())
                                .map(error -> Arguments.of(position, error)));
    }

    private RawBackend backend() throws IOException {
        return new RawBackend((request, _, out) -> {
            if (request.startsWith("GET /slow")) {
                try {
                    assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            out.write(RawBackend.ok("fine"));
            return true;
        });
    }

    private TestGateway faulty(Fault fault, RawBackend backend) {
        return gateway(ServerSettings.DEFAULT, FEW, fault.policies(), fault)
                .backend("one", backend.endpoint())
                .ruleAndBackendUnder(Fault.policyOfRule(), Fault.policyOfBackend(), "one")
                .publish();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void error_endsOneRequestOfHttp1(Position position, Unexpected error) throws Exception {
        try (RawBackend backend = backend();
                TestGateway gateway = faulty(new Fault(position, error), backend);
                RawClient other = gateway.client()) {
            Queue<Throwable> reports = Fault.reports();
            other.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            Awaitility.await().until(() -> !backend.requests().isEmpty());
            for (int i = 0; i < FAILING; i++) {
                try (RawClient client = gateway.client()) {
                    int status =
                            client.send(
                                            "POST / HTTP/1.1\r\nHost: a\r\nX-Fail: 1\r\n"
                                                    + "Content-Length: 3\r\n\r\nabc")
                                    .read()
                                    .status();
                    assertThat(status).isEqualTo(position.isNotified() ? 200 : 500);
                }
            }
            Awaitility.await().until(() -> reports.size() >= FAILING);
            release.countDown();
            assertThat(other.read().status()).isEqualTo(200);
            assertGivenBack(gateway);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void error_endsOneStreamOfHttp2(Position position, Unexpected error) throws Exception {
        try (RawBackend backend = backend();
                TestGateway gateway = faulty(new Fault(position, error), backend);
                RawHttp2Client client = gateway.http2Client()) {
            Queue<Throwable> reports = Fault.reports();
            int flags = RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM;
            client.send(RawHttp2Client.HEADERS, flags, 1, RawHttp2Client.get("/slow"));
            Awaitility.await().until(() -> !backend.requests().isEmpty());
            for (int i = 1; i <= FAILING; i++) {
                int stream = 2 * i + 1;
                client.send(RawHttp2Client.HEADERS, flags, stream, failing());
                RawHttp2Client.Frame head = client.read(RawHttp2Client.HEADERS);
                assertThat(head.stream()).isEqualTo(stream);
                assertThat(client.fields(head).status())
                        .hasToString(position.isNotified() ? "200" : "500");
            }
            Awaitility.await().until(() -> reports.size() >= FAILING);
            release.countDown();
            RawHttp2Client.Frame head = client.read(RawHttp2Client.HEADERS);
            assertThat(head.stream()).isEqualTo(1);
            assertThat(client.fields(head).status()).hasToString("200");
            assertGivenBack(gateway);
        }
    }

    private static byte[] failing() {
        return RawHttp2Client.block(
                ":method",
                "GET",
                ":scheme",
                "http",
                ":authority",
                "a",
                ":path",
                "/",
                "x-fail",
                "1");
    }

    static void assertGivenBack(TestGateway gateway) throws IOException {
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            try (RawClient client = gateway.client()) {
                assertThat(client.get("a", "/").status()).isEqualTo(200);
            }
        }
        Awaitility.await().until(() -> gateway.upstreamGauge("requests") == 0);
        assertThat(gateway.upstreamGauge("waiting")).isZero();
    }
}
