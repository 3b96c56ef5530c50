package dev.sluice.gateway.forward;

import static dev.sluice.fixture.wire.RawHttp2Client.DATA;
import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.http.Upgrades;
import dev.sluice.server.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which changes of protocol become a tunnel, whose bytes no rule sees: WebSocket, and what the
/// operator names.
class UpgradeTest {

    private static final byte[] PROTOCOL_ERROR = {0, 0, 0, 1};

    /// Changes to whatever it is asked for, and sends back what comes.
    private static RawBackend willing() throws IOException {
        return new RawBackend((request, in, out) -> {
            String asked = field(request, "upgrade");
            if (asked.isEmpty()) {
                out.write(RawBackend.ok(request));
                return true;
            }
            return change(asked, in, out);
        });
    }

    private static boolean change(String to, InputStream in, OutputStream out) throws IOException {
        out.write(
                RawBackend.bytes(
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
                                + to
                                + "\r\n\r\n"));
        out.flush();
        for (int b = in.read(); b >= 0; b = in.read()) {
            out.write(b);
            out.flush();
        }
        return false;
    }

    private static String field(String head, String name) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                return line.substring(name.length() + 1).trim();
            }
        }
        return "";
    }

    private static String upgrade(String to) {
        return "GET /open HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nUpgrade: "
                + to
                + "\r\n\r\n";
    }

    private static byte[] connect(String protocol) {
        return RawHttp2Client.block(
                ":method",
                "CONNECT",
                ":protocol",
                protocol,
                ":scheme",
                "http",
                ":path",
                "/open",
                ":authority",
                "a",
                "http2-settings",
                "AAMAAABkAAQCAAAAAAIAAAAA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h2c", "H2C", "h2c, TLS/1.0", "HTTP/2.0", "TLS/1.0", "x", "websocketx", ","})
    void otherUpgrade_isPassedOver(String protocol) throws Exception {
        try (RawBackend backend = willing();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            Response response = client.send(upgrade(protocol)).read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body())
                    .startsWith("GET /open HTTP/1.1\r\n")
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("connection:")
                    .doesNotContainIgnoringCase("http2-settings");
            assertThat(client.get("a", "/").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "WebSocket", "h2c, websocket", "websocket, h2c"})
    void webSocketAmongOthers_isWhatTheBackendIsAskedFor(String protocols) throws Exception {
        try (RawBackend backend = willing();
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            Response response = client.send(upgrade(protocols)).read();
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.field("Upgrade")).isEqualTo("websocket");
            assertThat(client.send("abc").read(3)).isEqualTo("abc");
            assertThat(backend.requests())
                    .singleElement()
                    .satisfies(
                            request -> assertThat(field(request, "upgrade")).isEqualTo("websocket"))
                    .asString()
                    .doesNotContainIgnoringCase("http2-settings");
        }
    }

    @Test
    void protocolOfTheOperator_isATunnel() throws Exception {
        ServerSettings settings = ServerSettings.DEFAULT.with(Upgrades.of(List.of("derp/1")));
        try (RawBackend backend = willing();
                TestGateway gateway = new TestGateway(settings).to(backend);
                RawClient client = gateway.client();
                RawHttp2Client second = new RawHttp2Client(gateway.port())) {
            assertThat(client.send(upgrade("DERP/1")).read().status()).isEqualTo(101);
            assertThat(client.send("abc").read(3)).isEqualTo("abc");
            second.send(HEADERS, END_HEADERS, 1, connect("derp/1"));
            assertThat(second.fields(second.read(HEADERS)).status()).hasToString("200");
            second.send(DATA, 0, 1, new byte[3]);
            assertThat(second.readBody(1, 3)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: h2c\r\n", "", "Upgrade: websocket, h2c\r\n"})
    void changeToAnotherProtocol_is502(String upgrade) throws Exception {
        try (RawBackend backend = switching(upgrade);
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client();
                RawHttp2Client second = new RawHttp2Client(gateway.port())) {
            assertThat(client.send(upgrade("websocket")).read().status()).isEqualTo(502);
            second.send(HEADERS, END_HEADERS, 1, connect("websocket"));
            assertThat(second.fields(second.read(HEADERS)).status()).hasToString("502");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: h2c\r\n", "", "Upgrade: websocket\r\n"})
    void changeThatNobodyAskedFor_is502(String upgrade) throws Exception {
        try (RawBackend backend = switching(upgrade);
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client();
                RawHttp2Client second = new RawHttp2Client(gateway.port())) {
            assertThat(client.get("a", "/").status()).isEqualTo(502);
            assertThat(client.send(upgrade("h2c")).read().status()).isEqualTo(502);
            second.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/"));
            assertThat(second.fields(second.read(HEADERS)).status()).hasToString("502");
        }
    }

    /// Changes the protocol, asked or not.
    private static RawBackend switching(String upgrade) throws IOException {
        return new RawBackend((_, in, out) -> {
            out.write(
                    RawBackend.bytes(
                            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                                    + upgrade
                                    + "\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"));
            out.flush();
            return in.read() >= 0;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "H2C", "h2", "HTTP/2.0", "connect-udp", "websocket, h2c"})
    void unknownProtocolOverHttp2_is501(String protocol) throws Exception {
        try (RawBackend backend = willing();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS, 1, connect(protocol));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("501");
            client.send(HEADERS, END_HEADERS | END_STREAM, 3, RawHttp2Client.get("/"));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            assertThat(backend.requests()).singleElement().asString().startsWith("GET / ");
        }
    }

    @Test
    void protocolWithoutConnect_isAStreamError() throws Exception {
        try (RawBackend backend = willing();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            byte[] get =
                    RawHttp2Client.block(
                            ":method",
                            "GET",
                            ":protocol",
                            "websocket",
                            ":scheme",
                            "http",
                            ":path",
                            "/",
                            ":authority",
                            "a");
            client.send(HEADERS, END_HEADERS, 1, get);
            assertThat(client.read(RST_STREAM).payload()).isEqualTo(PROTOCOL_ERROR);
            assertThat(backend.requests()).isEmpty();
        }
    }

    @Test
    void settingsOfAnUpgrade_endHereOverHttp2() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            byte[] get =
                    RawHttp2Client.block(
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":path",
                            "/",
                            ":authority",
                            "a",
                            "http2-settings",
                            "AAMAAABkAAQCAAAAAAIAAAAA");
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, get);
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            assertThat(backend.requests())
                    .singleElement()
                    .asString()
                    .doesNotContainIgnoringCase("http2-settings");
        }
    }

    /// RFC 8441 5: the end of the stream is the end of what the client says, a reset that of the
    /// tunnel.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endOfATunnelOverHttp2_reachesTheBackend(boolean well) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawBackend backend =
                        new RawBackend((request, in, out) -> {
                            change(field(request, "upgrade"), in, out);
                            ended.countDown();
                            out.write(RawBackend.bytes("bye"));
                            return false;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS, 1, connect("websocket"));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("200");
            client.send(DATA, 0, 1, new byte[3]);
            assertThat(client.readBody(1, 3)).isEqualTo(3);
            if (well) {
                client.send(DATA, END_STREAM, 1, new byte[0]);
                assertThat(client.readBody(1, 3)).isEqualTo(3);
            } else {
                client.send(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            }
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// RFC 8441 5: 200 would tell the client that its WebSocket is open.
    @Test
    void successWithoutATunnel_isNoneToAClientOfHttp2() throws Exception {
        try (RawBackend backend = RawBackend.saying("a page");
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS, 1, connect("websocket"));
            assertThat(client.fields(client.read(HEADERS)).status()).hasToString("502");
        }
    }
}
