package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.HttpFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Requests that are answered before their body has come: here, since there is no route.
class EarlyAnswerTest {

    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    private static String post(String fields) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    private static Response refused(RawClient client, String request) throws IOException {
        Response response = client.send(request).read();
        assertThat(response.status()).isEqualTo(404);
        return response;
    }

    @Test
    void body_isReadAfterTheAnswer_andTheConnectionGoesOn() throws Exception {
        try (TestGateway gateway = new TestGateway().publish();
                RawClient client = gateway.client()) {
            for (int i = 0; i < 3; i++) {
                Response early = refused(client, post("Content-Length: 5\r\n"));
                assertThat(early.field("Connection")).isEmpty();
                client.send("hello");
                refused(client, post("Transfer-Encoding: chunked\r\n"));
                client.send("5\r\nhello\r\n").send("0\r\n\r\n");
                assertThat(refused(client, NEXT).field("Connection")).isEmpty();
            }
        }
    }

    @Test
    void longBody_endsTheConnection() throws Exception {
        try (TestGateway gateway = new TestGateway().publish();
                RawClient client = gateway.client()) {
            refused(client, post("Content-Length: 200000\r\n"));
            client.send("x".repeat(100_000));
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void malformedBody_getsNoSecondAnswer() throws Exception {
        try (TestGateway gateway = new TestGateway().publish();
                RawClient client = gateway.client()) {
            refused(client, post("Transfer-Encoding: chunked\r\n"));
            client.send("0x5\r\nhello\r\n0\r\n\r\n" + NEXT);
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }

    /// Such a client may leave its body out: what follows could be a request or a body.
    @Test
    void clientThatAsksFirst_isToldThatTheConnectionEnds() throws Exception {
        try (TestGateway gateway = new TestGateway().publish();
                RawClient client = gateway.client()) {
            Response early = refused(client, post("Content-Length: 5\r\nExpect: 100-continue\r\n"));
            assertThat(early.field("Connection")).isEqualTo("close");
        }
    }

    /// A mirror over HTTP/1.1 would wait for the rest of the body.
    @Test
    void mirrorOfARequestThatIsAnsweredEarly_isGivenUp() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(RawBackend.empty(413));
                            return true;
                        });
                RawBackend mirror =
                        new RawBackend((_, in, _) -> {
                            try {
                                in.transferTo(OutputStream.nullOutputStream());
                            } finally {
                                gone.countDown();
                            }
                            return false;
                        });
                TestGateway gateway =
                        new TestGateway()
                                .backend("mirror", mirror.endpoint())
                                .to(backend, new HttpFilter.Mirror("mirror", 1, 1));
                RawClient client = gateway.client()) {
            Response early =
                    client.send(post("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n").read();
            assertThat(early.status()).isEqualTo(413);
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
