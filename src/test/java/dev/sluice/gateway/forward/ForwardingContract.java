package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.Backend;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Upstream.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What reaches the backend and what comes back.
abstract class ForwardingContract {

    /// A gateway whose rules take the way that the subclass is about.
    abstract TestGateway gateway();

    @Test
    void get_forwardsTargetAndFieldsUnchanged() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            Response response =
                    client.send(
                                    "GET //a//b%2Fc?b=2&a=1&&x[]=%27| HTTP/1.1\r\nHost: Some.Example:8080\r\n"
                                            + "X-Case: Value\r\nX-Empty:\r\n\r\n")
                            .read();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.field("Content-Type")).isEqualTo("text/plain");
            assertThat(response.body())
                    .startsWith("GET //a//b%2Fc?b=2&a=1&&x[]=%27| HTTP/1.1\r\n")
                    .contains("host: Some.Example:8080\r\n")
                    .contains("X-Case: Value\r\n")
                    .contains("X-Empty: \r\n")
                    .contains("x-forwarded-for: 127.0.0.1\r\n")
                    .contains("x-forwarded-proto: http\r\n")
                    .doesNotContainIgnoringCase("user-agent")
                    .doesNotContainIgnoringCase("accept")
                    .doesNotContainIgnoringCase("transfer-encoding");
        }
    }

    @Test
    void hopByHopFields_areNotForwarded() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            Response response =
                    client.send(
                                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Private, keep-alive\r\n"
                                            + "X-Private: 1\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\n"
                                            + "TE: trailers, deflate\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n")
                            .read();

            assertThat(response.body())
                    .doesNotContainIgnoringCase("x-private")
                    .doesNotContainIgnoringCase("keep-alive")
                    .doesNotContainIgnoringCase("proxy-connection")
                    .doesNotContain("6.6.6.6")
                    .contains("te: trailers\r\n");
        }
    }

    @Test
    void bodies_passInBothFramings() throws Exception {
        try (RawBackend backend =
                        new RawBackend((request, in, out) -> {
                            assertThat(request.toLowerCase(java.util.Locale.ROOT))
                                    .contains("transfer-encoding: chunked");
                            for (String line = line(in); !line.equals("0"); line = line(in)) {
                                in.readNBytes(Integer.parseInt(line, 16) + 2);
                            }
                            line(in);
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                                    + "Trailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\n"
                                                    + "X-Sum: 42\r\n\r\n"));
                            return true;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 3; i++) {
                Response response =
                        client.send(
                                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                + "3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\n\r\n")
                                .read();
                assertThat(response.body()).isEqualTo("helloX-Sum: 42\n");
                assertThat(response.field("Trailer")).isEqualTo("X-Sum");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    private static String line(java.io.InputStream in) throws java.io.IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Test
    void connections_areKeptOnBothSides() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.get("a", "/" + i).status()).isEqualTo(200);
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            client.send(
                    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                            + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().body()).startsWith("GET /1 ");
            assertThat(client.read().body()).startsWith("POST /2 ").endsWith("abc");
            assertThat(client.read().body()).startsWith("GET /3 ");
        }
    }

    @Test
    void head_keepsContentLengthAndHasNoBody() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"));
                            return true;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read(true);
                assertThat(response.field("Content-Length")).isEqualTo("1000");
            }
        }
    }

    @Test
    void http10Client_getsBodyUntilClose() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                    + "2\r\nhi\r\n0\r\n\r\n"));
                            return true;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            Response response = client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n").read();
            assertThat(response.body()).isEqualTo("hi");
            assertThat(response.field("Transfer-Encoding")).isEmpty();
            assertThat(response.field("Connection")).isEqualTo("close");
        }
    }

    @Test
    void interimResponses_areRelayed() throws Exception {
        CompletableFuture<Boolean> received = new CompletableFuture<>();
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n"));
                            received.join(); // it is not held back for what follows
                            out.write(RawBackend.ok("done"));
                            return true;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            Response hints = client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read();
            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.field("Link")).isEqualTo("</s.css>");
            received.complete(true);
            assertThat(client.read().body()).isEqualTo("done");
        }
    }

    @Test
    void upgrade_becomesATunnel() throws Exception {
        try (RawBackend backend =
                        new RawBackend((request, in, out) -> {
                            assertThat(request).contains("upgrade: websocket");
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                                    + "Connection: Upgrade\r\nX-Accept: y\r\n\r\n"));
                            for (int b = in.read(); b >= 0; b = in.read()) {
                                out.write(b + 1);
                                out.flush();
                            }
                            return false;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            Response response =
                    client.send(
                                    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
                            .read(true);
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.field("Upgrade")).isEqualTo("websocket");
            assertThat(client.send("ABC").read(3)).isEqualTo("BCD");
        }
    }

    @Test
    void refusedEndpoint_isLeftForAnother() throws Exception {
        RawBackend gone = RawBackend.echo();
        Endpoint refusing = gone.endpoint();
        gone.close();
        try (RawBackend backend = RawBackend.saying("alive");
                TestGateway gateway =
                        gateway()
                                .backend("two", refusing, backend.endpoint())
                                .rule("/", "two")
                                .publish();
                RawClient client = gateway.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("a", "/").body()).isEqualTo("alive");
            }
        }
    }

    @Test
    void stalePooledConnection_isReplacedForIdempotentRequests() throws Exception {
        try (RawBackend backend =
                        new RawBackend((request, _, out) -> {
                            if (request.startsWith("GET /stale") && !request.contains("again")) {
                                return false; // closes without an answer, as a stale connection
                                // does
                            }
                            out.write(RawBackend.ok("fine"));
                            return true;
                        });
                TestGateway gateway = gateway().to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").body()).isEqualTo("fine");
            backend.dropConnections();
            assertThat(client.get("a", "/").body()).isEqualTo("fine");
        }
    }

    @Test
    void errors_haveAStatusAndAReason() throws Exception {
        RawBackend gone = RawBackend.echo();
        Endpoint refusing = gone.endpoint();
        gone.close();
        try (RawBackend silent = new RawBackend((_, _, _) -> false);
                RawBackend broken =
                        new RawBackend((_, _, out) -> {
                            out.write(RawBackend.bytes("HTTP/1.1 xyz\r\n\r\n"));
                            return false;
                        });
                TestGateway gateway =
                        gateway()
                                .backend("none")
                                .backend("refusing", refusing)
                                .backend("silent", silent.endpoint())
                                .backend("broken", broken.endpoint())
                                .rule("/none", "none")
                                .rule("/refusing", "refusing")
                                .rule("/silent", "silent")
                                .rule("/broken", "broken")
                                .rule("/empty", List.of(), Timeouts.NONE)
                                .rule(
                                        "/invalid",
                                        List.of(
                                                new Backend.Invalid(
                                                        1, 500, "Service \"x\" not found")),
                                        Timeouts.NONE)
                                .publish();
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/other").status()).isEqualTo(404);
            assertThat(client.get("a", "/none").status()).isEqualTo(503);
            assertThat(client.get("a", "/refusing").status()).isEqualTo(503);
            assertThat(client.get("a", "/silent").status()).isEqualTo(502);
            assertThat(client.get("a", "/broken").status()).isEqualTo(502);
            assertThat(client.get("a", "/empty").status()).isEqualTo(500);
            Response invalid = client.get("a", "/invalid");
            assertThat(invalid.status()).isEqualTo(500);
            assertThat(invalid.body()).isEqualTo("Service \"x\" not found\n");
        }
    }

    @Test
    void timeouts_answer504() throws Exception {
        try (RawBackend slow =
                        new RawBackend((_, in, _) -> {
                            in.read();
                            return false;
                        });
                TestGateway gateway =
                        gateway()
                                .backend("slow", slow.endpoint())
                                .rule(
                                        "/request",
                                        List.of(TestGateway.forward(1, "slow")),
                                        new Timeouts(Duration.ofMillis(100), Duration.ZERO))
                                .rule(
                                        "/backend",
                                        List.of(TestGateway.forward(1, "slow")),
                                        new Timeouts(Duration.ZERO, Duration.ofMillis(100)))
                                .publish();
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/request").status()).isEqualTo(504);
            assertThat(client.get("a", "/backend").status()).isEqualTo(504);
        }
    }

    @Test
    void weights_shareRequests() throws Exception {
        try (RawBackend a = RawBackend.saying("a");
                RawBackend b = RawBackend.saying("b");
                RawBackend c = RawBackend.saying("c");
                TestGateway gateway =
                        gateway()
                                .backend("a", a.endpoint())
                                .backend("b", b.endpoint())
                                .backend("c", c.endpoint())
                                .rule(
                                        "/",
                                        List.of(
                                                TestGateway.forward(70, "a"),
                                                TestGateway.forward(30, "b"),
                                                TestGateway.forward(0, "c")),
                                        Timeouts.NONE)
                                .publish();
                RawClient client = gateway.client()) {
            int requests = 4000;
            for (int i = 0; i < requests; i++) {
                client.get("x", "/");
            }
            // 70 % +- 5 points: nearly seven standard deviations.
            assertThat(a.requests().size()).isBetween(requests * 65 / 100, requests * 75 / 100);
            assertThat(c.requests()).isEmpty();
        }
    }
}
