package dev.sluice.gateway.server;

import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.GOAWAY;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawHttp2Client;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What HTTP/2 (RFC 9113) demands of a server, where the codec leaves it to us. The whole is
/// checked by h2spec: `make h2spec`.
class Http2Test {

    private static final byte[] PROTOCOL_ERROR = {0, 0, 0, 1};
    private static final byte[] STREAM_CLOSED = {0, 0, 0, 5};

    @ParameterizedTest
    @ValueSource(strings = {":method", ":scheme", ":path"})
    void missingPseudoField_isAStreamError(String missing) throws Exception {
        Map<String, String> fields =
                new LinkedHashMap<>(
                        Map.of(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/",
                                ":authority",
                                "a"));
        fields.remove(missing);
        byte[] pseudo =
                RawHttp2Client.block(
                        fields.entrySet().stream()
                                .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
                                .toArray(String[]::new));
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, pseudo);
            assertThat(client.read(RST_STREAM).payload()).isEqualTo(PROTOCOL_ERROR);
            assertThat(backend.requests()).isEmpty();
        }
    }

    @Test
    void requestWithoutAuthority_isAnswered400() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            byte[] fields = RawHttp2Client.block(":method", "GET", ":scheme", "http", ":path", "/");
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, fields);
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("400");
            assertThat(backend.requests()).isEmpty();
        }
    }

    @Test
    void headBehindTheEnd_resetsTheStream() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, in, _) -> {
                            in.read();
                            return false;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            assertThat(client.read(RST_STREAM).payload()).isEqualTo(STREAM_CLOSED);
            assertThat(backend.requests()).hasSizeLessThan(2);
        }
    }

    private static byte[] error(RawHttp2Client.Frame goAway) {
        return Arrays.copyOfRange(goAway.payload(), 4, 8);
    }

    @Test
    void interimResponse_isNotHeldBack() throws Exception {
        CompletableFuture<Boolean> received = new CompletableFuture<>();
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(RawBackend.bytes("HTTP/1.1 103 Early Hints\r\n\r\n"));
                            received.join();
                            out.write(RawBackend.ok("x"));
                            return true;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("103");
            received.complete(true);
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
        }
    }

    @Test
    void headBehindTheEndOfBoth_endsTheConnection() throws Exception {
        try (RawBackend backend = RawBackend.saying("x");
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            client.readBody(1, 1);
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            assertThat(error(client.read(GOAWAY))).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void streamBelowOneThatWasOpened_endsTheConnection() throws Exception {
        try (RawBackend backend = RawBackend.saying("x");
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 5, RawHttp2Client.get("/"));
            client.readBody(5, 1);
            client.send(HEADERS, END_HEADERS | END_STREAM, 3, RawHttp2Client.get("/"));
            assertThat(error(client.read(GOAWAY))).isEqualTo(PROTOCOL_ERROR);
        }
    }

    /// It may have been on its way when the stream was reset.
    @Test
    void headBehindOurReset_doesNotEndTheConnection() throws Exception {
        try (RawBackend backend = RawBackend.saying("x");
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            byte[] post =
                    RawHttp2Client.block(
                            ":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/");
            client.send(HEADERS, END_HEADERS, 1, post); // answered, and reset, before its end
            client.read(RST_STREAM);
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.block("x", "y"));
            client.send(HEADERS, END_HEADERS | END_STREAM, 3, RawHttp2Client.get("/"));
            assertThat(client.readBody(3, 1)).isEqualTo(1);
        }
    }
}
