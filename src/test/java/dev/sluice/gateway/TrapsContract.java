package dev.sluice.gateway;

import static dev.sluice.gateway.RawHttp2Client.DATA;
import static dev.sluice.gateway.RawHttp2Client.END_HEADERS;
import static dev.sluice.gateway.RawHttp2Client.END_STREAM;
import static dev.sluice.gateway.RawHttp2Client.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RawClient.Response;
import dev.sluice.ir.Timeouts;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a plain Spring Cloud Gateway gets wrong on the wire; docs/traps.md says how. Each test here
/// fails on one.
abstract class TrapsContract {

    /// A gateway whose rules take the way that the subclass is about.
    abstract TestGateway gateway();

    /// What the backend gets of a request.
    private String forwarded(String request) throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            Response response = client.send(request).read();
            assertThat(response.status()).as(response.body()).isEqualTo(200);
            return response.body();
        }
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

    @Test
    void host_isTheClients() throws Exception {
        assertThat(forwarded("GET / HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n"))
                .contains("host: shop.example:8080\r\n")
                .doesNotContain("127.0.0.1:");
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
        try (RawBackend backend =
                        new RawBackend((request, _, out) -> {
                            assertThat(request).contains("\r\nX-CaSe: 1\r\n");
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nX-aNsWer: 1\r\nContent-Length: 0\r\n\r\n"));
                            return true;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nX-CaSe: 1\r\n\r\n").read().head())
                    .contains("\r\nX-aNsWer: 1\r\n");
        }
    }

    @Test
    void expectation_isTheBackendsToAnswer() throws Exception {
        try (RawBackend backend =
                        new RawBackend((request, in, out) -> {
                            assertThat(request).containsIgnoringCase("expect: 100-continue");
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"));
                            return false;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(417);
        }
    }

    @Test
    void refusedUpgrade_isToldToTheClient() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"));
                            return true;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            Response response =
                    client.send(
                                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                            .read();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.body()).isEqualTo("no");
            assertThat(client.get("a", "/").status()).isEqualTo(403);
        }
    }

    @Test
    void connect_isRefusedAndPoisonsNoConnection() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway().to(backend);
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
        try (RawBackend backend =
                        new RawBackend((_, in, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"));
                            out.flush();
                            in.read();
                            return false;
                        });
                TestGateway gateway =
                        gateway()
                                .backend("one", backend.endpoint())
                                .rule(
                                        "/",
                                        List.of(TestGateway.forward(1, "one")),
                                        new Timeouts(Duration.ofMillis(300), Duration.ZERO))
                                .publish();
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(RawBackend.bytes(client.readToEnd())).endsWith((byte) 'x');
        }
    }

    @Test
    void largeMessages_passThroughAWebSocket() throws Exception {
        byte[] frame = new byte[200_000];
        try (RawBackend backend =
                        new RawBackend((_, in, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                                    + "Connection: Upgrade\r\nX-Own: 1\r\n\r\n"));
                            out.write(in.readNBytes(frame.length));
                            out.flush();
                            return false;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            Response response =
                    client.send(
                                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                            .read();
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.field("X-Own")).isEqualTo("1");
            client.send(new String(frame, StandardCharsets.ISO_8859_1));
            assertThat(client.readToEnd()).hasSize(frame.length);
        }
    }

    @Test
    void http2Client_leavesNoTraceAtTheBackend() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2Client.get("//a?b&c=|"));
            Http2Headers head = client.fields(client.read(HEADERS));
            assertThat(head.status()).hasToString("200");
            assertThat(head.names()).noneMatch(name -> name.toString().startsWith("x-http2"));
            assertThat(backend.requests()).hasSize(1);
            assertThat(backend.requests().get(0))
                    .startsWith("GET //a?b&c=| HTTP/1.1\r\nhost: a\r\n")
                    .doesNotContainIgnoringCase("x-http2");
        }
    }

    @Test
    void webSocketOverHttp2_isATunnel() throws Exception {
        try (RawBackend backend =
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
                TestGateway gateway = gateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(
                    HEADERS,
                    END_HEADERS,
                    1,
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
                            "13"));
            Http2Headers head = client.fields(client.read(HEADERS));
            assertThat(head.status()).hasToString("200");
            assertThat(head.contains("sec-websocket-accept")).isFalse();
            client.send(DATA, 0, 1, RawBackend.bytes("hello"));
            assertThat(new String(client.read(DATA).payload(), StandardCharsets.ISO_8859_1))
                    .isEqualTo("hello");
        }
    }
}
