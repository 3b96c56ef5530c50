package dev.sluice.gateway.server;

import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.GOAWAY;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.fixture.wire.RawHttp2Client.Frame;
import dev.sluice.ir.Configuration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// HTTP/2 connections end without a failed request (RFC 9113 6.8): a first GOAWAY that names no
/// stream, a second one with the last that is served, and the end after that stream.
class Http2DrainTest {

    private final CountDownLatch goOn = new CountDownLatch(1);

    private RawBackend backend() throws IOException {
        return new RawBackend((_, _, out) -> {
            try {
                if (!goOn.await(20, TimeUnit.SECONDS)) {
                    throw new IOException("nobody let it go on");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            out.write(RawBackend.ok("ok"));
            return true;
        });
    }

    private static void get(RawHttp2Client client, int stream) throws IOException {
        client.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2Client.get("/" + stream));
    }

    /// The last stream that a GOAWAY without an error names.
    private static int lastStream(Frame goAway) {
        ByteBuffer payload = ByteBuffer.wrap(goAway.payload());
        int last = payload.getInt();
        assertThat(payload.getInt()).isZero(); // NO_ERROR
        assertThat(goAway.stream()).isZero();
        return last;
    }

    private void endsWell(Consumer<TestGateway> end) throws Exception {
        try (RawBackend backend = backend();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port());
                ExecutorService ending = Executors.newSingleThreadExecutor()) {
            int port = gateway.port();
            get(client, 1);
            while (backend.requests().isEmpty()) {
                Thread.onSpinWait();
            }
            Future<?> ended = ending.submit(() -> end.accept(gateway));
            assertThat(lastStream(client.read(GOAWAY))).isEqualTo(Integer.MAX_VALUE);
            get(client, 3); // as if it had been on its way
            int last = lastStream(client.read(GOAWAY));
            assertThat(last).isIn(1, 3); // 1 where half a second has passed since the first
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
            get(client, 5);
            goOn.countDown();
            Set<String> answers = new TreeSet<>();
            for (int stream = 1; stream <= last; stream += 2) {
                answers.add(answer(client));
            }
            assertThat(answers)
                    .isEqualTo(last == 1 ? Set.of("1: 200") : Set.of("1: 200", "3: 200"));
            assertThatThrownBy(() -> answer(client)).isInstanceOf(IOException.class); // closed
            ended.get(10, TimeUnit.SECONDS);
            assertThat(backend.requests()).noneMatch(request -> request.startsWith("GET /5 "));
        }
    }

    private static String answer(RawHttp2Client client) throws Exception {
        Frame head = client.read(HEADERS);
        return head.stream() + ": " + client.fields(head).status();
    }

    @Test
    void shutdown_endsConnectionsAfterTheirStreams() throws Exception {
        endsWell(TestGateway::drain);
    }

    @Test
    void removedPort_endsConnectionsAfterTheirStreams() throws Exception {
        endsWell(gateway -> gateway.publish(new Configuration(List.of(), Map.of())));
    }

    @Test
    void connectionWithoutStreams_endsAtOnce() throws Exception {
        try (RawBackend backend = backend();
                TestGateway gateway = new TestGateway().to(backend);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.read(RawHttp2Client.SETTINGS);
            long start = System.nanoTime();
            gateway.drain();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(4));
            assertThat(lastStream(client.read(GOAWAY))).isEqualTo(Integer.MAX_VALUE);
            assertThat(lastStream(client.read(GOAWAY))).isZero();
            assertThat(client.isClosedByServer()).isTrue();
        }
    }
}
