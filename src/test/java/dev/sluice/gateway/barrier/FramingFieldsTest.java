package dev.sluice.gateway.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.http.DroppedFields;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.HttpFilter.Field;
import dev.sluice.ir.HttpFilter.HeaderEdit;
import dev.sluice.server.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Fields that frame or route a message, set by those whose they are not.
class FramingFieldsTest {

    private static final String POST =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";

    /// Translation refuses such a modifier; should one come by another way, no request and no
    /// connection is lost by it.
    @ParameterizedTest
    @CsvSource({
        "Content-Length, abc",
        "Content-Length, -1",
        "Transfer-Encoding, chunked",
        "Connection, close",
        "Keep-Alive, timeout=1",
        "Host, other.example",
        "HTTP2-Settings, AAMAAABkAAQ"
    })
    void modifierThatSetsOne_neitherBreaksTheMessageNorKeepsAConnection(String name, String value)
            throws Exception {
        HeaderEdit edit = new HeaderEdit(List.of(new Field(name, value)), List.of(), List.of());
        try (RawBackend backend = new RawBackend(FramingFieldsTest::echoChunks);
                TestGateway gateway =
                        new TestGateway(ServerSettings.DEFAULT, BarrierContract.FEW)
                                .backend("one", backend.endpoint())
                                .rule("/", "one", new HttpFilter.RequestHeaders(edit))
                                .publish()) {
            for (int i = 0; i < 2 * BarrierContract.CONNECTIONS; i++) {
                try (RawClient client = gateway.client()) {
                    Response response = client.send(POST).read();
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.body())
                            .containsIgnoringCase("host: a\r\n")
                            .doesNotContain(name + ": " + value)
                            .contains("hello");
                }
            }
            BarrierContract.assertGivenBack(gateway);
        }
    }

    private static boolean echoChunks(String request, InputStream in, OutputStream out)
            throws IOException {
        StringBuilder all = new StringBuilder(request);
        if (request.contains("chunked")) {
            while (!all.toString().endsWith("0\r\n\r\n")) {
                all.append((char) in.read());
            }
        }
        out.write(RawBackend.ok(all.toString()));
        return true;
    }

    @ParameterizedTest
    @CsvSource({"Content-Length, abc", "HTTP2-Settings, AAMAAABkAAQ", "Host, user@evil"})
    void springFilterThatSetsOne_isPassedOver(String name, String value) throws Exception {
        HttpFilter filter =
                new HttpFilter.Spring(
                        "test", "SetRequestHeader", Map.of("name", name, "value", value));
        double before = DroppedFields.SPRING_STAGE.count();
        try (RawBackend backend = new RawBackend(FramingFieldsTest::echoChunks);
                TestGateway gateway = SpringStageFixture.gateway().to(backend, filter);
                RawClient client = gateway.client()) {
            Response response = client.send(POST).read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body())
                    .containsIgnoringCase("host: a\r\n")
                    .doesNotContain(value)
                    .contains("hello");
            assertThat(DroppedFields.SPRING_STAGE.count())
                    .isEqualTo(name.startsWith("HTTP2") ? before : before + 1);
        }
    }

    @Test
    void trailersThatFrameRouteOrAuthenticate_areDroppedInBothDirections() throws Exception {
        String trailers =
                "X-Sum: 1\r\nContent-Length: 7\r\nAuthorization: Basic x\r\nX-Forwarded-For: 1.2.3.4\r\n"
                        + "Host: evil\r\nSet-Cookie: a=b\r\nCookie: a=b\r\nX_Forwarded_For: 1\r\n"
                        + "Cache-Control: public\r\nX-Gone: 1\r\ngrpc-status: 0\r\n\r\n";
        HeaderEdit edit = new HeaderEdit(List.of(), List.of(), List.of("x-gone"));
        try (RawBackend backend =
                        new RawBackend((_, in, out) -> {
                            StringBuilder body = new StringBuilder();
                            while (!body.toString().endsWith("\r\n\r\n")) {
                                body.append((char) in.read());
                            }
                            int length = body.length();
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                    + Integer.toHexString(length)
                                                    + "\r\n"
                                                    + body
                                                    + "\r\n0\r\n"
                                                    + trailers));
                            return true;
                        });
                TestGateway gateway =
                        new TestGateway()
                                .to(
                                        backend,
                                        new HttpFilter.RequestHeaders(edit),
                                        new HttpFilter.ResponseHeaders(edit));
                RawClient client = gateway.client()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5\r\nhello\r\n0\r\n"
                            + trailers);
            String seen = client.read().body();
            int end = seen.indexOf("\r\n\r\n");
            assertThat(seen.substring(0, end))
                    .endsWithIgnoringCase("0\r\nX-Sum: 1\r\ngrpc-status: 0");
            assertThat(seen.substring(end).strip())
                    .isEqualToIgnoringCase("X-Sum: 1\ngrpc-status: 0");
        }
    }

    @Test
    void emptyLinesBeforeARequest_arePassedOver_alsoWhenTheyAreSplit() throws Exception {
        try (RawBackend backend = RawBackend.saying("fine");
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.send("\r").send("\n\r\n").get("a", "/").status()).isEqualTo(200);
            assertThat(client.send("\r\n".repeat(1000)).read().status()).isEqualTo(400);
        }
    }
}
