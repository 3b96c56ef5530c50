package dev.sluice.gateway;

import static dev.sluice.gateway.RawHttp2Client.END_HEADERS;
import static dev.sluice.gateway.RawHttp2Client.END_STREAM;
import static dev.sluice.gateway.RawHttp2Client.HEADERS;
import static dev.sluice.gateway.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.ServerSettings;
import dev.sluice.gateway.RawHttp2Client.Frame;
import dev.sluice.http.Limits;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.upstream.Balancing;
import dev.sluice.upstream.UpstreamSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections to a backend are bounded, and so is the line of requests that wait for one. Requests of
/// one HTTP/2 connection share an event loop, and so a pool.
class PoolTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final byte[] CANCEL = {0, 0, 0, 8};

    /// One connection for each event loop, and one request that waits.
    private static TestGateway gateway(Duration pending) {
        return new TestGateway(
                ServerSettings.DEFAULT,
                new UpstreamSettings(
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        1,
                        1,
                        pending,
                        Balancing.LEAST_REQUEST,
                        Limits.DEFAULT));
    }

    private static RawBackend waitingFor(CountDownLatch latch) throws IOException {
        return new RawBackend((_, _, out) -> {
            try {
                if (!latch.await(20, TimeUnit.SECONDS)) {
                    throw new IOException("nobody let it go on");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            out.write(RawBackend.ok("ok"));
            return true;
        });
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

    /// A place in the pool would be lost if a connection that ended before its first use kept it.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void backendThatClosesAtOnce_keepsNoPlace(boolean http2) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
                TestGateway gateway = gateway(LONG);
                RawHttp2Client client = closing(gateway, socket, http2)) {
            for (int i = 0; i < 40; i++) {
                get(client, 2 * i + 1);
                assertThat(answer(client)).matches((2 * i + 1) + ": 50[23]");
            }
        }
    }

    private static RawHttp2Client closing(TestGateway gateway, ServerSocket socket, boolean http2)
            throws IOException {
        Thread.ofVirtual()
                .start(() -> {
                    for (int i = 0; !socket.isClosed(); i++) {
                        try (Socket accepted = socket.accept()) {
                            accepted.setSoLinger(i % 2 == 0, 0); // a reset, or an orderly end
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
        Endpoint endpoint = new Endpoint("127.0.0.1", socket.getLocalPort());
        if (http2) {
            gateway.http2Backend("one", endpoint);
        } else {
            gateway.backend("one", endpoint);
        }
        return new RawHttp2Client(gateway.rule("/", "one").publish().port());
    }
}
