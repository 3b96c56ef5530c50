package dev.sluice.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.Upstream.Endpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Backends that break HTTP/1.1: what they send reaches nobody else, and costs a bounded amount.
class HostileBackendTest {

    private static Response get(TestGateway gateway) throws Exception {
        try (RawClient client = gateway.client()) {
            return client.get("a", "/");
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// Bytes that come when the response is over, to the connection that waits for its next
    /// request.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r",
                "HTTP/1.1 200 OK\r\nX: ",
                "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
            })
    void bytesOnAnIdleConnection_closeIt(String bytes) throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        try (RawBackend backend =
                        new RawBackend((_, in, out) -> {
                            out.write(RawBackend.ok("fine"));
                            out.flush();
                            if (number.getAndIncrement() > 0) {
                                return true;
                            }
                            await(answered);
                            out.write(RawBackend.bytes(bytes));
                            out.flush();
                            return in.read() >= 0; // the gateway closes it
                        });
                TestGateway gateway = new TestGateway().to(backend)) {
            assertThat(get(gateway).body()).isEqualTo("fine");
            answered.countDown();
            Awaitility.await().until(() -> gateway.upstreamGauge("connections") == 0);
            for (int i = 0; i < 3; i++) {
                assertThat(get(gateway).body()).isEqualTo("fine");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0x5\r\nhello\r\n", "5;\u0001\r\nhello\r\n", "-1\r\n", "\r\n", "5 5\r\n"})
    void malformedFirstChunk_is502(String chunk) throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                    + chunk));
                            return true;
                        });
                TestGateway gateway = new TestGateway().to(backend)) {
            assertThat(get(gateway).status()).isEqualTo(502);
            Awaitility.await().until(() -> gateway.upstreamGauge("connections") == 0);
        }
    }

    @Test
    void resetInsideABodyThatEndsByClose_isAnErrorForTheClient() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestGateway gateway =
                        new TestGateway().to(new Endpoint("127.0.0.1", socket.getLocalPort()));
                RawClient client = gateway.client()) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket accepted = socket.accept()) {
                            String _ = RawBackend.readRequest(accepted.getInputStream());
                            accepted.getOutputStream()
                                    .write(RawBackend.bytes("HTTP/1.1 200 OK\r\n\r\npart"));
                            await(begun);
                            accepted.setSoLinger(true, 0); // close is a reset
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readLine()).isEqualTo("HTTP/1.1 200 OK");
            begun.countDown();
            // A whole answer would end with the last chunk.
            assertThat(client.readToEnd()).contains("part").doesNotContain("\r\n0\r\n\r\n");
        }
    }

    @Test
    void stormOfInterimResponses_endsTheRequest() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            for (int i = 0; i < 10_000; i++) {
                                out.write(
                                        RawBackend.bytes(
                                                "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"));
                            }
                            out.write(RawBackend.ok("fine"));
                            return true;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            int interim = 0;
            Response response = client.read();
            while (response.status() == 103) {
                interim++;
                response = client.read();
            }
            assertThat(response.status()).isEqualTo(502);
            assertThat(interim).isLessThanOrEqualTo(100);
        }
    }

    @Test
    void continue_isPassedOnOnce() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            for (int i = 0; i < 5; i++) {
                                out.write(RawBackend.bytes("HTTP/1.1 100 Continue\r\n\r\n"));
                            }
                            out.write(RawBackend.ok("fine"));
                            return true;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    /// The backend does not want the body, answers and closes while it is on its way.
    @Test
    void earlyAnswerOfABackendThatCloses_reachesTheClient() throws Exception {
        String body = "x".repeat(1 << 20);
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 413 No\r\nConnection: close\r\n"
                                                    + "Content-Length: 4\r\n\r\nlong"));
                            return false;
                        });
                TestGateway gateway = new TestGateway().to(backend)) {
            for (int i = 0; i < 100; i++) {
                try (RawClient client = gateway.client()) {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\n");
                    client.send("Transfer-Encoding: chunked\r\n\r\n100000\r\n" + body);
                    assertThat(client.read().status()).as("try " + i).isEqualTo(413);
                }
            }
        }
    }

    @Test
    void malformedChunkOfARequest_isAnswered400_andReported() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, in, _) -> {
                            in.transferTo(OutputStream.nullOutputStream()); // up to its end
                            return false;
                        });
                TestGateway gateway = new TestGateway().to(backend);
                RawClient client = gateway.client()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX");
            assertThat(client.read().status()).isEqualTo(400);
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }
}
