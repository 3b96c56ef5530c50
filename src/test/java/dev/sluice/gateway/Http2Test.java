package dev.sluice.gateway;

import static dev.sluice.gateway.RawHttp2Client.END_HEADERS;
import static dev.sluice.gateway.RawHttp2Client.END_STREAM;
import static dev.sluice.gateway.RawHttp2Client.HEADERS;
import static dev.sluice.gateway.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What HTTP/2 (RFC 9113) demands of a server, where the codec leaves it to us. The whole is checked by
/// h2spec: `make h2spec`.
class Http2Test {

    private static final byte[] PROTOCOL_ERROR = {0, 0, 0, 1};

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
            // RFC 9113 5.1 wants STREAM_CLOSED; the codec says PROTOCOL_ERROR.
            assertThat(client.read(RST_STREAM).payload()).isEqualTo(PROTOCOL_ERROR);
            assertThat(backend.requests()).hasSizeLessThan(2);
        }
    }
}
