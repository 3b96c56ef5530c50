package dev.sluice.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.StrictBackend;
import dev.sluice.fixture.wire.StrictHttp;
import dev.sluice.http.MessageLimits;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Requests with defects. Whatever comes in, no exception escapes, nothing behind a framing error
/// is taken for a request, and what goes to backends has one reading.
///
/// `-Dfuzz.seconds=60` runs it longer, `-Dfuzz.seed=n` repeats a run.
class FuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 20_260_101L);
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 5);
    private static final int CLIENTS = 4;

    private static final List<String> REQUESTS =
            List.of(
                    "GET /a?b=c HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n",
                    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
                    "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5;x=y\r\nhello\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
                    "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    "GET http://b.example/x HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
                    "OPTIONS * HTTP/1.1\r\nHost: a:80\r\nConnection: x, y\r\nX: 1\r\n\r\n",
                    "HEAD /h HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nCookie: a=b\r\n\r\n");

    private static final List<String> BITS =
            List.of(
                    "\r",
                    "\n",
                    "\r\n",
                    "\r\n\r\n",
                    " ",
                    "\t",
                    ":",
                    ";",
                    ",",
                    "\0",
                    "\u0085",
                    "\u00ff",
                    "0",
                    "f",
                    "-",
                    "+",
                    "%",
                    "#",
                    "/../",
                    "\r\nContent-Length: 5",
                    "\r\nContent-Length: 0",
                    "\r\nTransfer-Encoding: chunked",
                    "\r\nTransfer-Encoding: identity",
                    "\r\nHost: b",
                    "\r\nConnection: close",
                    "\r\nConnection: content-length, transfer-encoding",
                    "\r\nUpgrade: websocket\r\nConnection: upgrade",
                    "chunked",
                    "0\r\n\r\n",
                    "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
                    "HTTP/1.1",
                    "HTTP/2.0",
                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private static String mutated(SplittableRandom random) {
        StringBuilder bytes = new StringBuilder();
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            bytes.append(REQUESTS.get(random.nextInt(REQUESTS.size())));
        }
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(bytes.length());
            int end = Math.min(bytes.length(), at + random.nextInt(1, 12));
            switch (random.nextInt(6)) {
                case 0 -> bytes.setCharAt(at, (char) random.nextInt(256));
                case 1 -> bytes.delete(at, end).append('\n');
                case 2 -> bytes.insert(at, bytes.substring(at, end));
                case 3 -> bytes.setCharAt(at, (char) (bytes.charAt(at) ^ 0x20));
                default -> bytes.insert(at, BITS.get(random.nextInt(BITS.size())));
            }
        }
        return bytes.append("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                .toString();
    }

    @Test
    void defects_areNeverForwarded() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        Duration limit = Duration.ofMillis(100);
        ServerSettings settings =
                new ServerSettings(
                        MessageLimits.DEFAULT,
                        limit,
                        limit,
                        limit,
                        limit,
                        1000,
                        TrustedProxies.NONE);
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        int cases = 0;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> running = new ArrayList<>();
            SplittableRandom random = new SplittableRandom(SEED);
            for (int i = 0; i < CLIENTS; i++) {
                SplittableRandom own = random.split();
                running.add(clients.submit(() -> attack(settings, own, end)));
            }
            for (Future<Integer> client : running) {
                cases += client.get();
            }
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
        assertThat(cases).isGreaterThan(100);
    }

    /// @return how many connections were made
    private static int attack(ServerSettings settings, SplittableRandom random, long end)
            throws Exception {
        int cases = 0;
        try (StrictBackend backend = new StrictBackend();
                TestGateway gateway = new TestGateway(settings).to(backend.endpoint())) {
            int allowed = 0;
            while (System.nanoTime() - end < 0) {
                String sent = mutated(random);
                String answers;
                try (RawClient client = gateway.client()) {
                    client.send(sent);
                    answers = client.readToEnd();
                } catch (SocketTimeoutException e) {
                    throw new AssertionError("seed " + SEED + ": never ended: " + sent, e);
                } catch (SocketException e) {
                    answers = ""; // closed before all was sent
                }
                byte[] bytes = sent.getBytes(StandardCharsets.ISO_8859_1);
                allowed += new StrictHttp(bytes, bytes.length).requests();
                assertThat(backend.malformed()).as("seed %d: %s", SEED, sent).isEmpty();
                assertThat(backend.requests())
                        .as("seed %d: %s", SEED, sent)
                        .isLessThanOrEqualTo(allowed);
                int close = answers.indexOf("connection: close\r\n");
                if (close >= 0) {
                    assertThat(answers.substring(close))
                            .as("seed %d: nothing follows the last answer to %s", SEED, sent)
                            .doesNotContainPattern("HTTP/1.1 [0-9]{3} ");
                }
                cases++;
            }
        }
        return cases;
    }
}
