package dev.sluice.gateway.forward;

import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.http.MessageLimits;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.pool.PoolSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that take nothing and backends that say nothing are given up, in both directions.
class StallsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    private static TestGateway gateway(Duration write, Duration response, Duration tunnel) {
        return new TestGateway(
                new ServerSettings(
                        MessageLimits.DEFAULT, LONG, LONG, LONG, write, 100, TrustedProxies.NONE),
                UpstreamSettings.of(
                        new PoolSettings(
                                LONG,
                                LONG,
                                response,
                                tunnel,
                                10,
                                10,
                                LONG,
                                MessageLimits.DEFAULT)));
    }

    /// Sends until the gateway gives up.
    private static RawBackend endless(CountDownLatch cut) throws IOException {
        return new RawBackend((_, _, out) -> {
            try {
                out.write(
                        RawBackend.bytes("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n"));
                while (true) {
                    out.write(new byte[64 * 1024]);
                }
            } catch (IOException e) {
                cut.countDown();
                throw e;
            }
        });
    }

    @Test
    void clientThatTakesNothing_isCut() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        try (RawBackend backend = endless(cut);
                TestGateway gateway = gateway(SHORT, LONG, LONG).to(backend);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void clientThatTakesTheBytesOfAStreamNoMore_getsItReset() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        try (RawBackend backend = endless(cut);
                TestGateway gateway = gateway(SHORT, LONG, LONG).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            assertThat(client.read(RST_STREAM).stream()).isEqualTo(1);
            assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// Under a kilobyte in the time limit is as good as nothing, however often the window is
    /// opened.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientThatTakesAByteAtATime_getsItsStreamReset(boolean windowOfTheConnection)
            throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        try (RawBackend backend = endless(cut);
                TestGateway gateway = gateway(SHORT, LONG, LONG).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            if (windowOfTheConnection) {
                client.grant(1, 1 << 20);
            }
            Thread dripping =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (cut.getCount() > 0) {
                                        client.grant(0, 1).grant(1, 1);
                                        LockSupport.parkNanos(10_000_000);
                                    }
                                } catch (IOException e) {
                                    // the test is over
                                }
                            });
            assertThat(client.read(RST_STREAM).stream()).isEqualTo(1);
            assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
            dripping.join();
        }
    }

    /// Nothing is ready for it, so that it takes all there is.
    @Test
    void streamThatIsIdleWithoutAWindow_lives() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"));
                            out.flush();
                            try {
                                goOn.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            out.write(RawBackend.bytes("67890"));
                            return true;
                        });
                TestGateway gateway = gateway(SHORT, LONG, LONG).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 5}); // windows of five bytes
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            assertThat(client.readBody(1, 5)).isEqualTo(5);
            LockSupport.parkNanos(4 * SHORT.toNanos());
            goOn.countDown();
            client.grant(1, 5);
            assertThat(client.readBody(1, 5)).isEqualTo(5);
        }
    }

    @Test
    void clientThatIsSlow_isServed() throws Exception {
        byte[] body = new byte[200_000];
        try (RawBackend backend = RawBackend.saying("x".repeat(body.length));
                TestGateway gateway = gateway(SHORT, LONG, LONG).to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            int left = body.length - client.readBody(1, 65_535);
            while (left > 0) {
                LockSupport.parkNanos(100_000_000);
                int step = Math.min(left, 20_000);
                client.grant(0, step).grant(1, step);
                left -= client.readBody(1, step);
            }
            assertThat(left).isZero();
        }
    }

    @Test
    void silentBackend_isAnswered504() throws Exception {
        try (RawBackend backend = new RawBackend((_, in, _) -> in.read() >= 0);
                TestGateway gateway = gateway(LONG, SHORT, LONG).to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").status()).isEqualTo(504);
            assertThat(client.get("a", "/").status()).isEqualTo(504);
        }
    }

    @Test
    void silentBackendOfHttp2_isAnswered504() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, in, _) -> {
                            in.transferTo(OutputStream.nullOutputStream());
                            return false;
                        });
                TestGateway gateway =
                        gateway(LONG, SHORT, LONG)
                                .http2Backend("one", backend.endpoint())
                                .rule("/", "one")
                                .publish();
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").status()).isEqualTo(504);
            assertThat(client.get("a", "/").status()).isEqualTo(504);
        }
    }

    @Test
    void bodyThatStalls_isCut() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, in, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
                            return in.read() >= 0;
                        });
                TestGateway gateway = gateway(LONG, SHORT, LONG).to(backend);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readToEnd()).endsWith("\r\n\r\nabc");
        }
    }

    @Test
    void slowBackend_isWaitedForWhileItSendsSomething() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"));
                            for (int i = 0; i < 10; i++) {
                                out.write('x');
                                out.flush();
                                LockSupport.parkNanos(100_000_000);
                            }
                            return true;
                        });
                TestGateway gateway = gateway(LONG, SHORT, LONG).to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").body()).isEqualTo("xxxxxxxxxx");
        }
    }

    @Test
    void pauseOfTheClient_isNotTheBackendsSilence() throws Exception {
        byte[] body = new byte[16 << 20];
        try (RawBackend backend = RawBackend.saying("x".repeat(body.length));
                TestGateway gateway = gateway(LONG, SHORT, LONG).to(backend);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            LockSupport.parkNanos(3 * SHORT.toNanos());
            assertThat(client.read().body()).hasSize(body.length);
        }
    }

    /// Answers an upgrade, then sends back what comes.
    private static boolean echo(InputStream in, OutputStream out) throws IOException {
        out.write(
                RawBackend.bytes(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
        for (int b = in.read(); b >= 0; b = in.read()) {
            out.write(b);
            out.flush();
        }
        return false;
    }

    @Test
    void tunnel_hasALimitOfItsOwn() throws Exception {
        Duration limit = Duration.ofMillis(800);
        try (RawBackend backend = new RawBackend((_, in, out) -> echo(in, out));
                TestGateway gateway = gateway(LONG, SHORT, limit).to(backend);
                RawClient client = gateway.client()) {
            Response response =
                    client.send(
                                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                            .read();
            assertThat(response.status()).isEqualTo(101);
            for (int i = 0; i < 3; i++) {
                LockSupport.parkNanos(SHORT.toNanos());
                assertThat(client.send("x").read(1)).isEqualTo("x");
            }
            long start = System.nanoTime();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(System.nanoTime() - start).isGreaterThan(limit.toNanos() * 3 / 4 - 1);
        }
    }
}
