package dev.sluice.gateway.upstream;

import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.http.MessageLimits;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.pool.PoolSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// No client takes all connections to a backend. The clients of these tests are what a trusted
/// proxy tells, on one connection and so on one event loop.
class ClientShareTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /// Eight connections for each event loop, eight places to wait.
    private static TestGateway gateway() {
        return new TestGateway(
                ServerSettings.DEFAULT.with(TrustedProxies.of(List.of("127.0.0.0/8"))),
                UpstreamSettings.of(
                        new PoolSettings(
                                LONG, LONG, LONG, LONG, 8, 8, LONG, MessageLimits.DEFAULT)));
    }

    /// Answers those of `/slow` when it is let.
    private static RawBackend backend(CountDownLatch goOn) throws IOException {
        return new RawBackend((request, _, out) -> {
            try {
                if (request.startsWith("GET /slow ") && !goOn.await(20, TimeUnit.SECONDS)) {
                    throw new IOException("nobody let it go on");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            out.write(RawBackend.empty(200));
            return true;
        });
    }

    private static void get(RawHttp2Client proxy, int stream, String path, String client)
            throws IOException {
        byte[] head =
                RawHttp2Client.block(
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":authority",
                        "a",
                        ":path",
                        path,
                        "x-forwarded-for",
                        client);
        proxy.send(HEADERS, END_HEADERS | END_STREAM, stream, head);
    }

    private static Map<Integer, String> answers(RawHttp2Client proxy, int count) throws Exception {
        Map<Integer, String> statuses = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            RawHttp2Client.Frame head = proxy.read(HEADERS);
            statuses.put(head.stream(), String.valueOf(proxy.fields(head).status()));
        }
        return statuses;
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, 10.0.0.2",
        "2001:db8::1, 2001:db8::2, 2001:db8:0:1::1",
        "::ffff:10.0.0.1, ::ffff:10.0.0.1, ::ffff:10.0.0.2",
    })
    void oneClient_leavesPlacesForOthers(String greedy, String sameSubscriber, String other)
            throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend = backend(goOn);
                TestGateway gateway = gateway().to(backend);
                RawHttp2Client proxy = new RawHttp2Client(gateway.port())) {
            for (int stream = 1; stream < 40; stream += 2) {
                get(proxy, stream, "/slow", stream % 4 == 1 ? greedy : sameSubscriber);
            }
            // Six of the connections, six of the places to wait.
            assertThat(answers(proxy, 8).values()).containsOnly("503");
            for (int stream = 41; stream < 80; stream += 2) {
                get(proxy, stream, "/", other);
                assertThat(answers(proxy, 1)).containsEntry(stream, "200");
            }
            goOn.countDown();
            assertThat(answers(proxy, 12).values()).containsOnly("200");
        }
    }

    @Test
    void clientsThatShare_haveAll() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend = backend(goOn);
                TestGateway gateway = gateway().to(backend);
                RawHttp2Client proxy = new RawHttp2Client(gateway.port())) {
            for (int client = 0; client < 17; client++) {
                get(proxy, 2 * client + 1, "/slow", "10.0.0." + client);
            }
            assertThat(answers(proxy, 1)).containsEntry(33, "503");
            goOn.countDown();
            assertThat(answers(proxy, 16).values()).containsOnly("200");
        }
    }
}
