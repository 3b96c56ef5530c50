package dev.sluice.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Clients that send requests without reading the answers: what is read ahead and what is written
/// behind is bounded in bytes.
class PipeliningTest {

    private static final int REQUESTS = 4_000;
    private static final int BODY = 16 * 1024;

    /// Answers that the kernel may hold for a client that does not read: some MiB of buffers of
    /// both sockets.
    private static final int IN_KERNEL = 1_000;

    private final AtomicInteger ended = new AtomicInteger();

    private final Observer counting =
            new Observer() {
                @Override
                public void ended(Exchange exchange, int status) {
                    ended.incrementAndGet();
                }
            };

    private TestGateway gateway() {
        return new TestGateway(
                ServerSettings.DEFAULT,
                UpstreamSettings.DEFAULT,
                _ -> null,
                RulePolicies.NONE,
                counting);
    }

    private static Socket stalledReader(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private void awaitStandstill() {
        AtomicInteger last = new AtomicInteger(-1);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(60))
                .until(() -> last.getAndSet(ended.get()) == ended.get() && ended.get() > 0);
    }

    private static void send(OutputStream out, String request, int times) throws IOException {
        out.write(request.repeat(times).getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static int count(InputStream in, String text, int times) throws IOException {
        int found = 0;
        int matched = 0;
        while (found < times) {
            int b = in.read();
            if (b < 0) {
                return found;
            }
            matched = b == text.charAt(matched) ? matched + 1 : b == text.charAt(0) ? 1 : 0;
            if (matched == text.length()) {
                matched = 0;
                found++;
            }
        }
        return found;
    }

    @Test
    void answersThatAreNotRead_stopTheRequestsBehindThem() throws Exception {
        String body = "x".repeat(BODY);
        try (RawBackend backend = RawBackend.saying(body);
                TestGateway gateway = gateway().to(backend);
                Socket client = stalledReader(gateway.port())) {
            send(client.getOutputStream(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n", REQUESTS);
            awaitStandstill();
            assertThat(ended.get()).isLessThan(IN_KERNEL);
            assertThat(count(client.getInputStream(), "HTTP/1.1 200", REQUESTS))
                    .isEqualTo(REQUESTS);
        }
    }

    @Test
    void answersOfOurOwnThatAreNotRead_stopTheRequestsBehindThem() throws Exception {
        int requests = 60_000; // of 9 MB of answers
        try (TestGateway gateway = gateway().publish();
                Socket client = stalledReader(gateway.port())) {
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    send(
                                            client.getOutputStream(),
                                            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                            requests);
                                } catch (IOException e) {
                                    // the test ends before all is sent
                                }
                            });
            awaitStandstill();
            assertThat(ended.get()).isLessThan(requests * 3 / 4);
            assertThat(count(client.getInputStream(), "HTTP/1.1 404", requests))
                    .isEqualTo(requests);
            sender.join();
        }
    }

    @Test
    void requestsBehindOneThatWaits_areReadUpToABound() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, in, _) -> {
                            int _ = in.read(); // for ever
                            return false;
                        });
                TestGateway gateway = gateway().to(backend);
                Socket client = stalledReader(gateway.port())) {
            AtomicInteger sent = new AtomicInteger();
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (sent.get() < 64 << 20) {
                                        send(
                                                client.getOutputStream(),
                                                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                                100);
                                        sent.addAndGet(2_700);
                                    }
                                } catch (IOException e) {
                                    // the client is closed
                                }
                            });
            AtomicInteger last = new AtomicInteger(-1);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
            assertThat(sent.get()).isLessThan(16 << 20);
            client.shutdownOutput(); // ends the sender
            sender.join();
        }
    }
}
