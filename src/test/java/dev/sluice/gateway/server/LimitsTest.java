package dev.sluice.gateway.server;

import static dev.sluice.fixture.wire.RawHttp2Client.ACK;
import static dev.sluice.fixture.wire.RawHttp2Client.CONTINUATION;
import static dev.sluice.fixture.wire.RawHttp2Client.DATA;
import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.PING;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.http.MessageLimits;
import dev.sluice.ir.Tls;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// What one client may take of the gateway, and that others are served meanwhile.
class LimitsTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static ServerSettings settings(
            Duration header, Duration body, Duration idle, int connections) {
        return new ServerSettings(
                MessageLimits.DEFAULT, header, body, idle, LONG, connections, TrustedProxies.NONE);
    }

    private static ServerSettings quick() {
        Duration limit = Duration.ofMillis(200);
        return settings(limit, limit, limit, 10);
    }

    @Test
    void slowHeader_isAnswered408() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        new TestGateway(settings(Duration.ofMillis(300), LONG, LONG, 10))
                                .to(backend);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n");
            // A trickle of bytes does not prolong it.
            Thread trickle =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        client.send("X: y\r\n");
                                        LockSupport.parkNanos(50_000_000);
                                    }
                                } catch (IOException e) {
                                    // closed, as it should be
                                }
                            });
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.isClosedByServer()).isTrue();
            trickle.join();
        }
    }

    @Test
    void beginningOfAPreface_isAHeadThatIsSlow() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        new TestGateway(settings(Duration.ofMillis(200), LONG, LONG, 10))
                                .to(backend);
                RawClient client = gateway.client()) {
            client.send("PR");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void slowBody_endsTheConnection() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        new TestGateway(settings(LONG, Duration.ofMillis(200), LONG, 10))
                                .to(backend);
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void slowBody_endsTheStream() throws Exception {
        try (RawBackend backend =
                        new RawBackend((request, in, out) -> {
                            if (request.startsWith("POST ")) {
                                in.transferTo(OutputStream.nullOutputStream());
                                return false;
                            }
                            out.write(RawBackend.ok("x"));
                            return true;
                        });
                TestGateway gateway =
                        new TestGateway(settings(LONG, Duration.ofMillis(200), LONG, 10))
                                .to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS, 1, post()).send(DATA, 0, 1, new byte[3]);
            assertThat(client.read(RST_STREAM).stream()).isEqualTo(1);
            client.send(HEADERS, END_HEADERS | END_STREAM, 3, RawHttp2Client.get("/"));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
        }
    }

    private static byte[] post() {
        return RawHttp2Client.block(
                ":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/");
    }

    @Test
    void idleConnections_areClosed() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway(quick()).to(backend);
                RawClient silent = gateway.client();
                RawClient used = gateway.client();
                RawHttp2Client http2 = new RawHttp2Client(gateway.port())) {
            assertThat(used.get("a", "/").status()).isEqualTo(200);
            assertThat(silent.isClosedByServer()).isTrue();
            assertThat(used.isClosedByServer()).isTrue();
            assertThat(http2.isClosedByServer()).isTrue();
        }
    }

    @Test
    void silentClientOfTls_isClosed() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        new TestGateway(quick())
                                .tls(new Tls(List.of(TestCertificates.make("a", "EC")), null))
                                .to(backend);
                RawClient client = gateway.client();
                RawClient halfHello = gateway.client()) {
            halfHello.send("\u0016\u0003\u0001\u0002\u0000\u0001");
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(halfHello.isClosedByServer()).isTrue();
        }
    }

    @Test
    void connections_areBounded() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway(settings(LONG, LONG, LONG, 2)).to(backend);
                RawClient first = gateway.client()) {
            try (RawClient second = gateway.client()) {
                assertThat(first.get("a", "/").status()).isEqualTo(200);
                assertThat(second.get("a", "/").status()).isEqualTo(200);
                try (RawClient third = gateway.client()) {
                    assertThat(third.isClosedByServer()).isTrue();
                }
                assertThat(first.get("a", "/").status()).isEqualTo(200);
            }
            assertThat(eventuallyServed(gateway)).isTrue();
        }
    }

    /// The end of the second connection takes a moment to be seen.
    private static boolean eventuallyServed(TestGateway gateway) throws IOException {
        for (int i = 0; i < 1000; i++) {
            try (RawClient client = gateway.client()) {
                if (client.get("a", "/").status() == 200) {
                    return true;
                }
            } catch (SocketException | java.io.EOFException e) {
                // refused once more
            }
        }
        return false;
    }

    @Test
    void rapidReset_endsTheConnection() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            assertThat(
                            isCutWhile(
                                    client,
                                    i -> {
                                        int id = 2 * i + 1;
                                        client.send(
                                                HEADERS,
                                                END_HEADERS | END_STREAM,
                                                id,
                                                RawHttp2Client.get("/"));
                                        client.send(RST_STREAM, 0, id, new byte[] {0, 0, 0, 8});
                                    }))
                    .isTrue();
        }
    }

    @Test
    void continuationFlood_endsTheConnection() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_STREAM, 1, RawHttp2Client.get("/"));
            assertThat(
                            isCutWhile(
                                    client,
                                    _ ->
                                            client.send(
                                                    CONTINUATION,
                                                    0,
                                                    1,
                                                    RawHttp2Client.block("x", "y"))))
                    .isTrue();
            assertThat(backend.requests()).isEmpty();
        }
    }

    private interface Attack {
        void strike(int number) throws IOException;
    }

    /// Whether the server ends a connection on which that is done over and over.
    private static boolean isCutWhile(RawHttp2Client client, Attack attack) throws IOException {
        try {
            for (int i = 0; i < 20_000; i++) {
                attack.strike(i);
            }
        } catch (SocketException e) {
            return true;
        }
        return client.isClosedByServer();
    }

    @Test
    void largeHeader_isRefusedOnHttp2() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            byte[] head = RawHttp2Client.get("/");
            client.send(HEADERS, END_STREAM, 1, head);
            for (int i = 0; i < 5; i++) {
                int flags = i == 4 ? END_HEADERS : 0;
                client.send(CONTINUATION, flags, 1, RawHttp2Client.block("x", "y".repeat(16_000)));
            }
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("431");
            client.send(PING, 0, 0, new byte[8]);
            assertThat(client.read(PING).has(ACK)).isTrue();
            assertThat(backend.requests()).isEmpty();
        }
    }
}
