package dev.sluice.gateway.server;

import static dev.sluice.fixture.wire.RawHttp2Client.ACK;
import static dev.sluice.fixture.wire.RawHttp2Client.DATA;
import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.PING;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.ir.Upstream.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How many fields a message may have: 256 by default, whatever few bytes stand for them.
class FieldLimitsTest {

    private static final int MOST = 256;

    private static String http1(int fields) {
        StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
        for (int i = 1; i < fields; i++) {
            request.append("x: y\r\n");
        }
        return request.append("\r\n").toString();
    }

    @Test
    void fieldsOfHttp1_areCountedWithoutTheRequestLine() throws Exception {
        try (RawBackend backend = RawBackend.saying("ok");
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.send(http1(MOST)).read().status()).isEqualTo(200);
            assertThat(client.send(http1(MOST + 1)).read().status()).isEqualTo(431);
        }
    }

    /// A block with fields of one byte each: the first is put into the table (RFC 7541 6.2.1), the
    /// others refer to it.
    private static byte[] bomb(byte[] pseudo, String name, String value, int fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(pseudo);
        block.write(0x40);
        block.write(name.length());
        block.writeBytes(RawBackend.bytes(name));
        block.write(value.length());
        block.writeBytes(RawBackend.bytes(value));
        for (int i = 1; i < fields; i++) {
            block.write(0x80 | 62);
        }
        return block.toByteArray();
    }

    private static byte[] bomb(String name, String value, int fields) {
        return bomb(RawHttp2Client.get("/"), name, value, fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "cookie"})
    void indexedFields_areCountedAsDecoded(String name) throws Exception {
        try (RawBackend backend = RawBackend.saying("ok");
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, bomb(name, "a", MOST));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            client.send(HEADERS, END_HEADERS | END_STREAM, 3, bomb(name, "a", MOST + 1));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("431");
            client.send(HEADERS, END_HEADERS | END_STREAM, 5, bomb(name, "a", 16_000));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("431");
            client.send(PING, 0, 0, new byte[8]);
            assertThat(client.read(PING).has(ACK)).isTrue();
            assertThat(backend.requests()).hasSize(1);
        }
    }

    @Test
    void bytesOfIndexedFields_areCountedAsDecoded() throws Exception {
        try (RawBackend backend = RawBackend.saying("ok");
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            byte[] twelveKilobytes = bomb("x", "y".repeat(100), 90);
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, twelveKilobytes);
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            ByteArrayOutputStream large = new ByteArrayOutputStream();
            large.writeBytes(RawHttp2Client.get("/"));
            for (int i = 0; i < 4; i++) {
                large.writeBytes(RawHttp2Client.block("x", "y".repeat(3000)));
            }
            for (int i = 0; i < 250; i++) {
                large.write(0x80 | 62); // 133 bytes, as RFC 9113 6.5.2 counts them
            }
            client.send(HEADERS, END_HEADERS | END_STREAM, 3, large.toByteArray());
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            client.send(HEADERS, END_HEADERS | END_STREAM, 5, bomb("y", "z".repeat(120), 2));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            client.send(HEADERS, END_HEADERS | END_STREAM, 7, bomb("z", "z".repeat(125), 200));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            ByteArrayOutputStream larger = new ByteArrayOutputStream();
            larger.writeBytes(RawHttp2Client.get("/"));
            for (int i = 0; i < 3; i++) {
                larger.writeBytes(RawHttp2Client.block("x", "y".repeat(4000)));
            }
            for (int i = 0; i < 245; i++) {
                larger.write(0x80 | 62); // 158 bytes
            }
            larger.writeBytes(RawHttp2Client.block("x", "y".repeat(4000)));
            client.send(HEADERS, END_STREAM, 9, larger.toByteArray());
            client.send(
                    RawHttp2Client.CONTINUATION,
                    END_HEADERS,
                    9,
                    RawHttp2Client.block("x", "y".repeat(16_000)));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("431");
        }
    }

    @Test
    void trailersBeyondTheLimit_endTheirStream() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, in, _) -> {
                            in.transferTo(OutputStream.nullOutputStream());
                            return false;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            byte[] post =
                    RawHttp2Client.block(
                            ":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/");
            client.send(HEADERS, END_HEADERS, 1, post).send(DATA, 0, 1, new byte[1]);
            byte[] trailers = bomb(new byte[0], "x", "y", MOST + 1);
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, trailers);
            assertThat(client.read(RST_STREAM).stream()).isEqualTo(1);
            client.send(PING, 0, 0, new byte[8]);
            assertThat(client.read(PING).has(ACK)).isTrue();
        }
    }

    @Test
    void responseOfHttp2_isBoundedLikewise() throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                TestGateway gateway =
                        new TestGateway()
                                .http2Backend(
                                        "one", new Endpoint("127.0.0.1", backend.getLocalPort()))
                                .rule("/", "one")
                                .publish();
                RawClient client = gateway.client()) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> serve(backend));
            assertThat(client.get("a", "/").status()).isEqualTo(200);
            // Not a GET, which would be sent again.
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(502);
            assertThat(client.get("a", "/").status()).isEqualTo(200);
            serving.get(10, TimeUnit.SECONDS);
        }
    }

    /// Answers three requests of one connection, the second with too many fields.
    private static void serve(ServerSocket backend) {
        try (RawHttp2Client connection = RawHttp2Client.accepted(backend.accept())) {
            for (int request = 1; request <= 3; request++) {
                int stream = connection.read(HEADERS).stream();
                byte[] status = RawHttp2Client.block(":status", "200");
                int fields = request == 2 ? MOST + 1 : MOST;
                connection.send(
                        HEADERS, END_HEADERS | END_STREAM, stream, bomb(status, "x", "y", fields));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
