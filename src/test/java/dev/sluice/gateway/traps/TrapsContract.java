package dev.sluice.gateway.traps;

import static dev.sluice.fixture.wire.RawHttp2Client.DATA;
import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.ir.Timeouts;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a plain Spring Cloud Gateway gets wrong on the wire; docs/traps.md says how. Each test
/// fails on one, but for those that [PlainGatewayTest] lists.
abstract class TrapsContract {

    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    /// A gateway that forwards everything to a backend, in the way that the subclass is about.
    abstract Served serve(RawBackend backend, Timeouts timeouts) throws Exception;

    /// The same for some hosts alone, each with the origins that its CORS filter allows.
    abstract Served serve(RawBackend backend, Map<String, List<String>> originsByHost)
            throws Exception;

    private interface Use {
        void of(RawClient client) throws Exception;
    }

    private void with(RawBackend backend, Use use) throws Exception {
        with(backend, Timeouts.NONE, use);
    }

    private void with(RawBackend backend, Timeouts timeouts, Use use) throws Exception {
        try (backend;
                Served gateway = serve(backend, timeouts);
                RawClient client = gateway.client()) {
            use.of(client);
        }
    }

    private interface Http2Use {
        void of(RawHttp2Client client) throws Exception;
    }

    private void withHttp2(RawBackend backend, Http2Use use) throws Exception {
        try (backend;
                Served gateway = serve(backend, Timeouts.NONE);
                RawHttp2Client client = gateway.http2Client()) {
            use.of(client);
        }
    }

    private static RawBackend answering(String response) throws IOException {
        return new RawBackend((_, _, out) -> {
            out.write(RawBackend.bytes(response));
            return true;
        });
    }

    /// What the backend gets of a request.
    private String forwarded(String request) throws Exception {
        StringBuilder got = new StringBuilder();
        with(
                RawBackend.echo(),
                client -> {
                    Response response = client.send(request).read();
                    assertThat(response.status()).as(response.body()).isEqualTo(200);
                    got.append(response.body());
                });
        return got.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//a//b",
                "/a?",
                "/?a=1&b=2&a=3",
                "/?&&=x&b&c=",
                "/a%2Fb?z[]=1",
                "/?x[0]=%27",
                "/caf\u00c3\u00a9?\u00c3\u00a9",
                "/a|b^c{d}e\"f[g]?|^{}\"\\[]%zz",
                "/a%252Fb;v=1",
                "/a/%2e%2ea",
                "/?a=b?c=/../d"
            })
    void target_reachesTheBackendAsSent(String target) throws Exception {
        assertThat(forwarded("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("GET " + target + " HTTP/1.1\r\n");
    }

    @Test
    void optionsOfTheServer_staysAsterisk() throws Exception {
        assertThat(forwarded("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("OPTIONS * HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/../b", "/a/%2e%2e/b"})
    void dotSegments_areRefused(String target) throws Exception {
        with(
                RawBackend.echo(),
                client -> assertThat(client.get("a", target).status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Host: a\r\nHost: b\r\n", "", "Host: exa mple\r\n", "Host: user@host\r\n"})
    void ambiguousHost_isRefused(String fields) throws Exception {
        with(
                RawBackend.echo(),
                client -> {
                    client.send("GET / HTTP/1.1\r\n" + fields + "\r\n");
                    assertThat(client.read().status()).isEqualTo(400);
                    assertThat(client.isClosedByServer()).isTrue();
                });
    }

    @Test
    void unknownCoding_isRefused() throws Exception {
        with(
                RawBackend.echo(),
                client -> {
                    client.send(
                            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
                    assertThat(client.read().status()).isEqualTo(501);
                });
    }

    @Test
    void host_isTheClients() throws Exception {
        assertThat(forwarded("GET / HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n"))
                .containsIgnoringCase("\r\nhost: shop.example:8080\r\n")
                .doesNotContain("127.0.0.1:");
    }

    @Test
    void client_isToldToTheBackend() throws Exception {
        assertThat(forwarded("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n"))
                .containsIgnoringCase("\r\nx-forwarded-for: 127.0.0.1\r\n")
                .doesNotContain("6.6.6.6");
    }

    @Test
    void corsOfTwoHosts_isKeptApart() throws Exception {
        Map<String, List<String>> hosts =
                Map.of(
                        "a.example", List.of("http://a.com"),
                        "b.example", List.of("http://b.com"));
        try (RawBackend backend = RawBackend.echo();
                Served gateway = serve(backend, hosts);
                RawClient client = gateway.client()) {
            for (String letter : List.of("a", "b")) {
                String origin = "http://" + letter + ".com";
                client.send(
                        "GET / HTTP/1.1\r\nHost: "
                                + letter
                                + ".example\r\nOrigin: "
                                + origin
                                + "\r\n\r\n");
                assertThat(client.read().field("Access-Control-Allow-Origin")).isEqualTo(origin);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW"})
    void nothing_isAddedToARequestWithoutBody(String method) throws Exception {
        assertThat(forwarded(method + " / HTTP/1.1\r\nHost: a\r\n\r\n"))
                .doesNotContainIgnoringCase("user-agent")
                .doesNotContainIgnoringCase("accept")
                .doesNotContainIgnoringCase("transfer-encoding")
                .doesNotContainIgnoringCase("content-length");
    }

    @Test
    void caseOfFieldNames_isKept() throws Exception {
        with(
                new RawBackend((request, _, out) -> {
                    boolean kept = request.contains("\r\nX-CaSe: 1\r\n");
                    out.write(
                            RawBackend.bytes(
                                    "HTTP/1.1 200 OK\r\nX-aNsWer: "
                                            + kept
                                            + "\r\nContent-Length: 0\r\n\r\n"));
                    return true;
                }),
                client ->
                        assertThat(
                                        client.send(
                                                        "GET / HTTP/1.1\r\nHost: a\r\nX-CaSe: 1\r\n\r\n")
                                                .read()
                                                .head())
                                .contains("\r\nX-aNsWer: true\r\n"));
    }

    @Test
    void requestTrailers_reachTheBackend() throws Exception {
        with(
                new RawBackend((_, in, out) -> {
                    StringBuilder body = new StringBuilder();
                    while (body.indexOf("0\r\n") < 0 || !body.toString().endsWith("\r\n\r\n")) {
                        body.append((char) in.read());
                    }
                    out.write(RawBackend.ok(body.toString()));
                    return true;
                }),
                client -> {
                    client.send(
                            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                                    + "Trailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n");
                    assertThat(client.read().body()).containsIgnoringCase("0\r\nx-sum: 1\r\n");
                });
    }

    @Test
    void expectation_isTheBackendsToAnswer() throws Exception {
        with(
                new RawBackend((request, _, out) -> {
                    boolean expects = request.toLowerCase(Locale.ROOT).contains("expect");
                    out.write(
                            RawBackend.bytes(
                                    "HTTP/1.1 "
                                            + (expects ? 417 : 400)
                                            + " No\r\nContent-Length: 0\r\n\r\n"));
                    return false;
                }),
                client -> {
                    client.send(
                            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n");
                    assertThat(client.read().status()).isEqualTo(417);
                });
    }

    @Test
    void refusedUpgrade_isToldToTheClient() throws Exception {
        with(
                answering("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"),
                client -> {
                    Response response = client.send(UPGRADE).read();
                    assertThat(response.status()).isEqualTo(403);
                    assertThat(response.body()).isEqualTo("no");
                    assertThat(client.get("a", "/").status()).isEqualTo(403);
                });
    }

    @Test
    void connect_isRefusedAndPoisonsNoConnection() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                Served gateway = serve(backend, Timeouts.NONE);
                RawClient other = gateway.client()) {
            assertThat(other.get("a", "/").status()).isEqualTo(200);
            try (RawClient client = gateway.client()) {
                client.send("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(501);
            }
            assertThat(other.get("a", "/").status()).isEqualTo(200);
            assertThat(backend.requests()).noneMatch(request -> request.startsWith("CONNECT"));
        }
    }

    @Test
    void requestTimeout_coversADrippingBody() throws Exception {
        with(
                new RawBackend((_, in, out) -> {
                    out.write(RawBackend.bytes("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"));
                    out.flush();
                    in.read();
                    return false;
                }),
                new Timeouts(Duration.ofMillis(300), Duration.ZERO),
                client -> {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(RawBackend.bytes(client.readToEnd())).endsWith((byte) 'x');
                });
    }

    @Test
    void largeMessages_passThroughAWebSocket() throws Exception {
        // A binary message of 200,000 bytes, masked with zeros (RFC 6455 5.2).
        byte[] frame = new byte[14 + 200_000];
        frame[0] = (byte) 0x82;
        frame[1] = (byte) (0x80 | 127);
        frame[7] = 3;
        frame[8] = 13;
        frame[9] = 64;
        with(
                new RawBackend((request, in, out) -> {
                    String accept =
                            request.contains("dGhlIHNhbXBsZSBub25jZQ==")
                                    ? "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
                                    : "x";
                    out.write(
                            RawBackend.bytes(
                                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                            + "Connection: Upgrade\r\nX-Own: 1\r\n"
                                            + "Sec-WebSocket-Accept: "
                                            + accept
                                            + "\r\n\r\n"));
                    out.flush();
                    out.write(in.readNBytes(frame.length));
                    out.flush();
                    return false;
                }),
                client -> {
                    Response response = client.send(UPGRADE).read();
                    assertThat(response.status()).isEqualTo(101);
                    assertThat(response.field("X-Own")).isEqualTo("1");
                    client.send(new String(frame, StandardCharsets.ISO_8859_1));
                    assertThat(client.readToEnd()).hasSize(frame.length);
                });
    }

    @Test
    void http2Client_leavesNoTraceAtTheBackend() throws Exception {
        withHttp2(
                RawBackend.echo(),
                client -> {
                    client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("/a?b&c"));
                    Http2Headers head = client.fields(client.read(HEADERS));
                    assertThat(head.status()).hasToString("200");
                    assertThat(head.names())
                            .noneMatch(name -> name.toString().startsWith("x-http2"));
                    String got =
                            new String(client.read(DATA).payload(), StandardCharsets.ISO_8859_1);
                    assertThat(got)
                            .startsWith("GET /a?b&c HTTP/1.1\r\nhost: a\r\n")
                            .doesNotContainIgnoringCase("x-http2");
                });
    }

    @Test
    void webSocketOverHttp2_isATunnel() throws Exception {
        RawBackend backend =
                new RawBackend((request, in, out) -> {
                    if (!request.startsWith("GET /chat HTTP/1.1\r\n")
                            || !request.contains("upgrade: websocket\r\n")
                            || !request.matches(
                                    "(?is).*\r\nsec-websocket-key: [A-Za-z0-9+/]{22}==\r\n.*")) {
                        throw new IOException("no handshake: " + request);
                    }
                    out.write(
                            RawBackend.bytes(
                                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                            + "Connection: Upgrade\r\n"
                                            + "Sec-WebSocket-Accept: x\r\n\r\n"));
                    out.write(in.readNBytes(5));
                    out.flush();
                    return false;
                });
        withHttp2(
                backend,
                client -> {
                    byte[] handshake =
                            RawHttp2Client.block(
                                    ":method",
                                    "CONNECT",
                                    ":protocol",
                                    "websocket",
                                    ":scheme",
                                    "http",
                                    ":path",
                                    "/chat",
                                    ":authority",
                                    "a",
                                    "sec-websocket-version",
                                    "13");
                    client.send(HEADERS, END_HEADERS, 1, handshake);
                    Http2Headers head = client.fields(client.read(HEADERS));
                    assertThat(head.status()).hasToString("200");
                    assertThat(head.contains("sec-websocket-accept")).isFalse();
                    client.send(DATA, 0, 1, RawBackend.bytes("hello"));
                    assertThat(new String(client.read(DATA).payload(), StandardCharsets.ISO_8859_1))
                            .isEqualTo("hello");
                });
    }
}
