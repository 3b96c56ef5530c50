package dev.sluice.gateway.resilience;

import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.fixture.wire.RawHttp2Client.Frame;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.ConnectionLimits;
import dev.sluice.ir.ConnectionTimeouts;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Upstream.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Sections `limits` and `timeouts` of ResiliencePolicies over sockets. The gateway has two event
/// loops.
class ConnectionPolicyTest {

    private static TestGateway gateway(
            Endpoint endpoint, String section, Mode mode, PolicySection value) {
        return new TestGateway()
                .backend("one", endpoint, section, mode, value)
                .rule("/", "one")
                .publish();
    }

    private static void get(RawHttp2Client client, int stream) throws IOException {
        client.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2Client.get("/"));
    }

    private static String answer(RawHttp2Client client) throws Exception {
        Frame head = client.read(HEADERS);
        return head.stream() + ": " + client.fields(head).status();
    }

    @Test
    void limits_holdForTheSharesOfEventLoops() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            try {
                                goOn.await(20, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            out.write(RawBackend.ok("ok"));
                            return true;
                        });
                TestGateway gateway =
                        gateway(
                                backend.endpoint(),
                                "limits",
                                Mode.ENFORCE,
                                new ConnectionLimits(4, 2));
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            for (int stream = 1; stream <= 7; stream += 2) {
                get(client, stream); // two connections, one place in the line
            }
            assertThat(answer(client)).isEqualTo("7: 503");
            goOn.countDown();
            for (int i = 0; i < 3; i++) {
                assertThat(answer(client)).endsWith(": 200");
            }
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void idleConnection_isClosed_andNotByAShadow() throws Exception {
        ConnectionTimeouts section = new ConnectionTimeouts(null, Duration.ofMillis(100), null);
        for (Mode mode : List.of(Mode.ENFORCE, Mode.SHADOW)) {
            try (RawBackend backend = RawBackend.saying("a");
                    TestGateway gateway = gateway(backend.endpoint(), "timeouts", mode, section);
                    RawClient client = gateway.client()) {
                client.get("x", "/");
                LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                client.get("x", "/");
                assertThat(backend.connections()).isEqualTo(mode == Mode.ENFORCE ? 2 : 1);
            }
        }
    }

    @Test
    void connectionThatDoesNotOpenInTime_answers504() throws Exception {
        ConnectionTimeouts section = new ConnectionTimeouts(Duration.ofMillis(100), null, null);
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestGateway gateway =
                        gateway(
                                new Endpoint("127.0.0.1", full.getLocalPort()),
                                "timeouts",
                                Mode.ENFORCE,
                                section);
                RawClient client = gateway.client()) {
            fill(full, waiting);
            long begin = System.nanoTime();
            assertThat(client.get("x", "/").status()).isEqualTo(504);
            // The setting of the process is two seconds.
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofMillis(1900));
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static TestGateway streaming(Endpoint endpoint, Duration stream, Duration ofRule) {
        return new TestGateway()
                .backend(
                        "one",
                        endpoint,
                        "timeouts",
                        Mode.ENFORCE,
                        new ConnectionTimeouts(null, null, stream))
                .rule(
                        "/",
                        List.of(TestGateway.forward(1, "one")),
                        new Timeouts(Duration.ZERO, ofRule))
                .publish();
    }

    @Test
    void answerThatDoesNotBeginInTime_is504_byTheShorterLimit() throws Exception {
        Duration brief = Duration.ofMillis(100);
        Duration hour = Duration.ofHours(1);
        List<List<Duration>> limits =
                List.of(List.of(brief, Duration.ZERO), List.of(brief, hour), List.of(hour, brief));
        for (List<Duration> limit : limits) {
            try (RawBackend backend = new RawBackend((_, in, _) -> in.read() >= 0);
                    TestGateway gateway =
                            streaming(backend.endpoint(), limit.get(0), limit.get(1));
                    RawClient client = gateway.client()) {
                assertThat(client.get("x", "/").status()).isEqualTo(504);
            }
        }
    }

    @Test
    void answerThatDoesNotEndInTime_isCut() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (RawBackend backend =
                        new RawBackend((_, in, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
                                                    + "begun"));
                            while (in.read() >= 0) {
                                // until the gateway gives up
                            }
                            gone.countDown();
                            return false;
                        });
                TestGateway gateway =
                        streaming(backend.endpoint(), Duration.ofMillis(300), Duration.ZERO);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            get(client, 1);
            assertThat(answer(client)).isEqualTo("1: 200");
            assertThat(client.read(RST_STREAM).stream()).isEqualTo(1);
            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void answerThatEndsInTime_isNotCut() throws Exception {
        try (RawBackend backend = RawBackend.saying("a");
                TestGateway gateway =
                        streaming(backend.endpoint(), Duration.ofMillis(300), Duration.ZERO);
                RawClient client = gateway.client()) {
            assertThat(client.get("x", "/").body()).isEqualTo("a");
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            assertThat(client.get("x", "/").body()).isEqualTo("a");
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    /// Opens connections that nobody accepts, until none is opened any more.
    private static void fill(ServerSocket socket, List<Socket> waiting) throws IOException {
        while (true) {
            Socket connection = new Socket();
            waiting.add(connection);
            try {
                connection.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), socket.getLocalPort()),
                        300);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }
}
