package dev.sluice.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.http.Failure;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests that are refused before there is a rule: observers, and so the access log and the meter
/// of failures, see each with its reason.
class RefusedRequestsTest {

    private record Seen(int status, String client, Failure failure) {}

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    private TestGateway gateway() {
        Observer observer =
                new Observer() {
                    @Override
                    public void ended(Exchange exchange, int status) {
                        Failure failure = exchange.failure();
                        assertThat(failure).isNotNull();
                        seen.add(new Seen(status, exchange.clientHost(), failure));
                    }
                };
        return new TestGateway(
                        ServerSettings.DEFAULT,
                        UpstreamSettings.DEFAULT,
                        _ -> null,
                        RulePolicies.NONE,
                        observer)
                .publish();
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
            client.send(
                    RawHttp2Client.HEADERS,
                    RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
                    1,
                    head);
            RawHttp2Client.Frame answer = client.read(RawHttp2Client.HEADERS);
            assertThat(client.fields(answer).status()).hasToString("400");
            awaitSeen(400, Failure.BAD_REQUEST);
        }
    }
}
