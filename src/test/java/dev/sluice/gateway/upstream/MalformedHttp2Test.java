package dev.sluice.gateway.upstream;

import static dev.sluice.fixture.wire.RawHttp2Client.DATA;
import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.ir.Upstream.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Responses of HTTP/2 backends that are none.
class MalformedHttp2Test {

    private interface Answer {
        void send(RawHttp2Client connection, int stream) throws IOException;
    }

    /// The status that the client gets for an answer.
    private static int status(Answer answer) throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> serving =
                    CompletableFuture.runAsync(() -> serve(backend, answer));
            int status = status(new Endpoint("127.0.0.1", backend.getLocalPort()));
            serving.get(20, TimeUnit.SECONDS);
            return status;
        }
    }

    private static void serve(ServerSocket backend, Answer answer) {
        try (RawHttp2Client connection = RawHttp2Client.accepted(backend.accept())) {
            answer.send(connection, connection.read(HEADERS).stream());
            connection.isClosedByServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int status(Endpoint backend) throws IOException {
        try (TestGateway gateway =
                        new TestGateway().http2Backend("one", backend).rule("/", "one").publish();
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            return client.read().status();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2x0", "20", "2000", "+20", "-20", "099", "101", "\u0662\u0660\u0660"})
    void statusThatIsNone_is502(String status) throws Exception {
        byte[] head = RawHttp2Client.block(":status", status);
        assertThat(
                        status((connection, stream) ->
                                connection.send(HEADERS, END_HEADERS | END_STREAM, stream, head)))
                .isEqualTo(502);
    }

    @Test
    void dataBeforeTheHead_is502() throws Exception {
        byte[] head = RawHttp2Client.block(":status", "200");
        assertThat(
                        status((connection, stream) ->
                                connection
                                        .send(DATA, 0, stream, new byte[3])
                                        .send(HEADERS, END_HEADERS | END_STREAM, stream, head)))
                .isEqualTo(502);
    }
}
