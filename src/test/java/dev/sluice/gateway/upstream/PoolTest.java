package dev.sluice.gateway.upstream;

import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.fixture.wire.RawHttp2Client.Frame;
import dev.sluice.http.MessageLimits;
import dev.sluice.ir.SessionPersistence;
import dev.sluice.ir.SessionPersistence.Carrier;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.pool.PoolSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Connections to a backend are bounded, and so is the line of requests that wait for one. Requests
/// of one HTTP/2 connection share an event loop, and so a pool.
class PoolTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final byte[] CANCEL = {0, 0, 0, 8};

    /// One connection for each event loop, and one request that waits.
    private static TestGateway gateway(Duration pending) {
        return new TestGateway(
                ServerSettings.DEFAULT,
                UpstreamSettings.of(
                        new PoolSettings(
                                LONG, LONG, LONG, LONG, 1, 1, pending, MessageLimits.DEFAULT)));
    }

    private static RawBackend waitingFor(CountDownLatch latch) throws IOException {
        return new RawBackend((_, _, out) -> {
            await(latch);
            out.write(RawBackend.ok("ok"));
            return true;
        });
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void get(RawHttp2Client client, int stream) throws IOException {
        client.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2Client.get("/"));
    }

    private static String answer(RawHttp2Client client) throws Exception {
        Frame head = client.read(HEADERS);
        return head.stream() + ": " + client.fields(head).status();
    }

    @Test
    void fullPoolAndFullLine_answer503AtOnce() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend = waitingFor(goOn);
                TestGateway gateway = gateway(LONG).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            get(client, 1);
            get(client, 3);
            get(client, 5);
            assertThat(answer(client)).isEqualTo("5: 503");
            goOn.countDown();
            assertThat(answer(client)).isEqualTo("1: 200");
            assertThat(answer(client)).isEqualTo("3: 200");
            get(client, 7);
            assertThat(answer(client)).isEqualTo("7: 200");
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void waitingTooLong_answers503() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend = waitingFor(goOn);
                TestGateway gateway = gateway(Duration.ofMillis(200)).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            get(client, 1);
            get(client, 3);
            assertThat(answer(client)).isEqualTo("3: 503");
            get(client, 5);
            assertThat(answer(client)).isEqualTo("5: 503");
            goOn.countDown();
            assertThat(answer(client)).isEqualTo("1: 200");
        }
    }

    @Test
    void whoeverLeftTheLine_takesNoPlaceInIt() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend = waitingFor(goOn);
                TestGateway gateway = gateway(LONG).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            get(client, 1);
            get(client, 3);
            client.send(RST_STREAM, 0, 3, CANCEL);
            get(client, 5);
            get(client, 7);
            assertThat(answer(client)).isEqualTo("7: 503");
            goOn.countDown();
            assertThat(answer(client)).isEqualTo("1: 200");
            assertThat(answer(client)).isEqualTo("5: 200");
            assertThat(backend.requests()).hasSize(2);
        }
    }

    /// Both endpoints have one connection and one place in the line.
    @Test
    void fullEndpoint_isLeftForOneWithRoom() throws Exception {
        Semaphore goOn = new Semaphore(0);
        RawBackend.Script patient =
                (_, _, out) -> {
                    goOn.acquireUninterruptibly();
                    out.write(RawBackend.ok("ok"));
                    return true;
                };
        try (RawBackend a = new RawBackend(patient);
                RawBackend b = new RawBackend(patient);
                TestGateway gateway =
                        gateway(LONG)
                                .backend("one", a.endpoint(), b.endpoint())
                                .rule("/", "one")
                                .publish();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            int stream = 1;
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < 4; i++, stream += 2) {
                    get(client, stream);
                }
                get(client, stream);
                assertThat(answer(client)).isEqualTo(stream + ": 503");
                stream += 2;
                goOn.release(4);
                for (int i = 0; i < 4; i++) {
                    assertThat(answer(client)).endsWith(": 200");
                }
            }
            assertThat(a.requests()).hasSameSizeAs(b.requests());
        }
    }

    @Test
    void fullEndpointOfASession_isNotLeft() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        SessionPersistence session =
                new SessionPersistence(Carrier.HEADER, "sid", Duration.ZERO, Duration.ZERO, false);
        try (RawBackend a = holding(goOn);
                RawBackend b = holding(goOn);
                TestGateway gateway = gateway(LONG).to(session, a, b);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            get(client, 1);
            String sid = String.valueOf(client.fields(client.read(HEADERS)).get("sid"));
            byte[] held =
                    RawHttp2Client.block(
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/hold",
                            "sid",
                            sid);
            for (int stream = 3; stream <= 7; stream += 2) {
                client.send(HEADERS, END_HEADERS | END_STREAM, stream, held);
            }
            assertThat(answer(client)).isEqualTo("7: 503");
            goOn.countDown();
            assertThat(answer(client)).isEqualTo("3: 200");
            assertThat(answer(client)).isEqualTo("5: 200");
        }
    }

    private static RawBackend holding(CountDownLatch latch) throws IOException {
        return new RawBackend((request, _, out) -> {
            if (request.startsWith("GET /hold ")) {
                await(latch);
            }
            out.write(RawBackend.ok("ok"));
            return true;
        });
    }

    /// The second endpoint has no place for a new connection, and needs none.
    @Test
    void refusedConnection_isReplacedByAnIdleOne() throws Exception {
        try (RawBackend backend = RawBackend.saying("ok");
                TestGateway gateway = gateway(LONG).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            get(client, 1);
            assertThat(answer(client)).isEqualTo("1: 200");
            gateway.backend("one", new Endpoint("127.0.0.1", 1), backend.endpoint()).publish();
            for (int stream = 3; stream < 40; stream += 2) {
                get(client, stream);
                assertThat(answer(client)).isEqualTo(stream + ": 200");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }
}
