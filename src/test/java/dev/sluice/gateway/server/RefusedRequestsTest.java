package dev.sluice.gateway.server;

import static dev.sluice.fixture.wire.RawHttp2Client.CONTINUATION;
import static dev.sluice.fixture.wire.RawHttp2Client.DATA;
import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.http.Failure;
import dev.sluice.http.http2.Http2Limits;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests that are refused before there is a rule: observers, and so the access log and the meter
/// of failures, see each with its reason.
class RefusedRequestsTest {

    private record Seen(int status, String client, Failure failure) {}

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    private TestGateway gateway() {
        return gateway(ServerSettings.DEFAULT).publish();
    }

    private TestGateway gateway(ServerSettings settings) {
        Observer observer =
                new Observer() {
                    @Override
                    public void ended(Exchange exchange, int status) {
                        Failure failure = exchange.failure();
                        if (failure != null) {
                            seen.add(new Seen(status, exchange.clientHost(), failure));
                        } // else it was still open at the end of the test
                    }
                };
        return new TestGateway(
                settings, UpstreamSettings.DEFAULT, _ -> null, RulePolicies.NONE, observer);
    }

    private void awaitSeen(int status, Failure failure) {
        Awaitility.await().until(() -> !seen.isEmpty());
        assertThat(seen).containsExactly(new Seen(status, "127.0.0.1", failure));
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400, BAD_REQUEST",
        "'GET / HTTP/1.1\r\n\r\n', 400, BAD_REQUEST",
        "'GET /../x HTTP/1.1\r\nHost: a\r\n\r\n', 400, BAD_REQUEST",
        "'nonsense\r\n\r\n', 400, BAD_REQUEST",
        "'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 501, NOT_SUPPORTED",
        "'GET /%LONG HTTP/1.1\r\nHost: a\r\n\r\n', 414, REQUEST_LINE_TOO_LONG",
        "'GET / HTTP/1.1\r\nHost: a\r\nX: %LARGE\r\n\r\n', 431, HEADER_TOO_LARGE",
        "'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400, BAD_REQUEST"
    })
    void refusedRequest_isSeen(String request, int status, Failure failure) throws Exception {
        try (TestGateway gateway = gateway();
                RawClient client = gateway.client()) {
            client.send(
                    request.replace("%LONG", "x".repeat(9_000))
                            .replace("%LARGE", "x".repeat(70_000)));
            assertThat(client.read().status()).isEqualTo(status);
            awaitSeen(status, failure);
        }
    }

    /// What the client is told by a reset of its stream, for a reason that has no answer.
    enum Reset {
        PSEUDO_FIELD_MISSING(400, Failure.BAD_REQUEST) {
            @Override
            void send(RawHttp2Client client) throws IOException {
                client.send(
                        HEADERS,
                        END_HEADERS | END_STREAM,
                        1,
                        RawHttp2Client.block(":method", "GET"));
            }
        },
        NAME_IN_CAPITALS(400, Failure.BAD_REQUEST) {
            @Override
            void send(RawHttp2Client client) throws IOException {
                client.send(HEADERS, END_HEADERS | END_STREAM, 1, with("X", "y"));
            }
        },
        CONNECTION_FIELD(400, Failure.BAD_REQUEST) {
            @Override
            void send(RawHttp2Client client) throws IOException {
                client.send(HEADERS, END_HEADERS | END_STREAM, 1, with("connection", "close"));
            }
        },
        PROTOCOL_WITHOUT_CONNECT(400, Failure.BAD_REQUEST) {
            @Override
            void send(RawHttp2Client client) throws IOException {
                byte[] head =
                        RawHttp2Client.block(
                                ":method",
                                "GET",
                                ":protocol",
                                "websocket",
                                ":scheme",
                                "http",
                                ":authority",
                                "a",
                                ":path",
                                "/");
                client.send(HEADERS, END_HEADERS | END_STREAM, 1, head);
            }
        },
        HEADER_TOO_LARGE(431, Failure.HEADER_TOO_LARGE) {
            @Override
            void send(RawHttp2Client client) throws IOException {
                byte[] large = with("a", "x".repeat(15_000));
                byte[] larger =
                        RawHttp2Client.block("b", "x".repeat(15_000), "c", "x".repeat(1_000));
                client.send(HEADERS, END_STREAM, 1, large);
                for (int i = 0; i < 4; i++) {
                    client.send(CONTINUATION, i < 3 ? 0 : END_HEADERS, 1, larger);
                }
            }
        },
        TOO_MANY_STREAMS(503, Failure.TOO_MANY_STREAMS) {
            @Override
            void send(RawHttp2Client client) throws IOException {
                client.send(HEADERS, END_HEADERS, 1, RawHttp2Client.get("/waits"));
                client.send(HEADERS, END_HEADERS, 3, RawHttp2Client.get("/"));
            }
        },
        LENGTH_OF_THE_BODY(400, Failure.BAD_REQUEST) {
            @Override
            void send(RawHttp2Client client) throws IOException {
                client.send(HEADERS, END_HEADERS, 1, with("content-length", "9"));
                client.send(DATA, END_STREAM, 1, new byte[1]);
            }
        },
        TRAILERS_THAT_DO_NOT_END(400, Failure.BAD_REQUEST) {
            @Override
            void send(RawHttp2Client client) throws IOException {
                client.send(HEADERS, END_HEADERS, 1, with("a", "b"));
                client.send(HEADERS, END_HEADERS, 1, RawHttp2Client.block("a", "b"));
            }
        };

        private final int status;
        private final Failure failure;

        Reset(int status, Failure failure) {
            this.status = status;
            this.failure = failure;
        }

        abstract void send(RawHttp2Client client) throws IOException;

        private static byte[] with(String name, String value) {
            return RawHttp2Client.block(
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":authority",
                    "a",
                    ":path",
                    "/waits",
                    name,
                    value);
        }
    }

    private static RawBackend silent() throws IOException {
        return new RawBackend((_, in, _) -> {
            in.transferTo(OutputStream.nullOutputStream());
            return false;
        });
    }

    @ParameterizedTest
    @EnumSource
    void requestThatIsReset_isSeen(Reset reset) throws Exception {
        ServerSettings oneStream = ServerSettings.DEFAULT.with(new Http2Limits(1, 1, 1_000, 1_000));
        try (RawBackend backend = silent();
                TestGateway gateway = gateway(oneStream).to(backend);
                RawHttp2Client client = gateway.http2Client()) {
            reset.send(client);
            awaitSeen(reset.status, reset.failure);
        }
    }

    @Test
    void requestThatABackendHas_isSeenWhenItIsReset() throws Exception {
        try (RawBackend backend = silent();
                TestGateway gateway = gateway(ServerSettings.DEFAULT).to(backend);
                RawHttp2Client client = gateway.http2Client()) {
            client.send(HEADERS, END_HEADERS, 1, Reset.with("a", "b"));
            Awaitility.await().until(() -> !backend.requests().isEmpty());
            client.send(HEADERS, END_HEADERS, 1, RawHttp2Client.block("a", "b"));
            awaitSeen(400, Failure.BAD_REQUEST);
        }
    }

    @Test
    void refusedRequestOfHttp2_isSeen() throws Exception {
        try (TestGateway gateway = gateway();
                RawHttp2Client client = gateway.http2Client()) {
            byte[] head =
                    RawHttp2Client.block(
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/",
                            "host",
                            "b");
            client.send(HEADERS, END_HEADERS | END_STREAM, 1, head);
            RawHttp2Client.Frame answer = client.read(HEADERS);
            assertThat(client.fields(answer).status()).hasToString("400");
            awaitSeen(400, Failure.BAD_REQUEST);
        }
    }
}
