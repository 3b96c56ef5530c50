package dev.sluice.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawClient.Response;
import dev.sluice.ir.HttpFilter;
import dev.sluice.ir.Retry;
import dev.sluice.ir.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Retries and mirrors, as clients and backends see them.
public abstract class RetryContract {

    private static final String POST =
            "POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello";

    /// A gateway whose rules take the way that the subclass is about.
    public abstract TestGateway gateway();

    /// A gateway that forwards everything to a backend, and tries again.
    public Served serve(RawBackend backend, Retry retry, Timeouts timeouts) {
        return gateway()
                .backend("one", backend.endpoint())
                .retrying(retry, timeouts, "one")
                .publish();
    }

    private static RawBackend failing(int times, int status) throws IOException {
        AtomicInteger left = new AtomicInteger(times);
        return new RawBackend((request, _, out) -> {
            if (left.getAndDecrement() > 0) {
                out.write(
                        RawBackend.bytes(
                                "HTTP/1.1 " + status + " No\r\nContent-Length: 3\r\n\r\nbad"));
            } else {
                out.write(RawBackend.ok(request));
            }
            return true;
        });
    }

    private Response send(RawBackend backend, Retry retry, Timeouts timeouts, String request)
            throws Exception {
        try (Served gateway = serve(backend, retry, timeouts);
                RawClient client = gateway.client()) {
            return client.send(request).read();
        }
    }

    @Test
    void listedStatus_isTriedAgainWithTheBody() throws Exception {
        Retry retry = new Retry(Set.of(503), 2, Duration.ofMillis(20));
        try (RawBackend backend = failing(2, 503)) {
            long start = System.nanoTime();
            Response response = send(backend, retry, Timeouts.NONE, POST);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).endsWith("hello");
            assertThat(System.nanoTime() - start).isGreaterThan(60_000_000L); // 20 ms, then 40 ms
        }
    }

    @Test
    void attempts_areBounded() throws Exception {
        try (RawBackend backend = failing(3, 503)) {
            Retry retry = new Retry(Set.of(503), 2, Duration.ZERO);
            Response response = send(backend, retry, Timeouts.NONE, POST);
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("bad");
            assertThat(backend.requests()).hasSize(3);
        }
    }

    @Test
    void otherStatus_isPassedOn() throws Exception {
        try (RawBackend backend = failing(1, 500)) {
            Retry retry = new Retry(Set.of(503), 2, Duration.ZERO);
            assertThat(send(backend, retry, Timeouts.NONE, POST).status()).isEqualTo(500);
        }
    }

    @Test
    void largeBody_isPassedOnAndNotTriedAgain() throws Exception {
        try (RawBackend backend = failing(1, 503)) {
            Retry retry = new Retry(Set.of(503), 2, Duration.ZERO);
            String request =
                    "POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 100000\r\n\r\n"
                            + "x".repeat(100_000);
            assertThat(send(backend, retry, Timeouts.NONE, request).status()).isEqualTo(503);
            assertThat(backend.requests().get(0)).endsWith("x".repeat(100_000));
        }
    }

    @Test
    void tryThatTakesTooLong_isTriedAgain() throws Exception {
        AtomicInteger slow = new AtomicInteger(1);
        try (RawBackend backend =
                new RawBackend((_, in, out) -> {
                    if (slow.getAndDecrement() > 0) {
                        in.read(); // until the gateway gives up
                        return false;
                    }
                    out.write(RawBackend.ok("done"));
                    return true;
                })) {
            Timeouts timeouts = new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(100));
            Retry retry = new Retry(Set.of(500), 1, Duration.ZERO);
            assertThat(send(backend, retry, timeouts, POST).body()).isEqualTo("done");
        }
    }

    @Test
    void brokenConnection_isTriedAgain() throws Exception {
        AtomicInteger broken = new AtomicInteger(1);
        try (RawBackend backend =
                new RawBackend((_, _, out) -> {
                    if (broken.getAndDecrement() > 0) {
                        return false;
                    }
                    out.write(RawBackend.ok("done"));
                    return true;
                })) {
            Retry retry = new Retry(Set.of(500), 1, Duration.ZERO);
            assertThat(send(backend, retry, Timeouts.NONE, POST).body()).isEqualTo("done");
        }
    }

    @Test
    void mirrors_getACopyOfTheRequest() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                RawBackend mirror = failing(1, 500);
                RawBackend never = RawBackend.echo();
                TestGateway gateway =
                        gateway()
                                .backend("one", backend.endpoint())
                                .backend("copy", mirror.endpoint())
                                .backend("never", never.endpoint())
                                .rule(
                                        "/",
                                        "one",
                                        new HttpFilter.Mirror("copy", 1, 1),
                                        new HttpFilter.Mirror("copy", 100, 100),
                                        new HttpFilter.Mirror("never", 0, 100))
                                .publish();
                RawClient client = gateway.client()) {
            Response response = client.send(POST).read();
            assertThat(response.status()).isEqualTo(200);
            Awaitility.await().untilAsserted(() -> assertThat(mirror.requests()).hasSize(2));
            assertThat(mirror.requests().get(0)).startsWith("POST / HTTP/1.1").endsWith("hello");
            assertThat(never.requests()).isEmpty();
        }
    }

    @Test
    void mirrors_getTheirShare() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                RawBackend mirror = RawBackend.echo();
                TestGateway gateway =
                        gateway()
                                .backend("one", backend.endpoint())
                                .backend("copy", mirror.endpoint())
                                .rule("/", "one", new HttpFilter.Mirror("copy", 30, 100))
                                .publish();
                RawClient client = gateway.client()) {
            for (int i = 0; i < 1_000; i++) {
                client.send(POST).read();
            }
            Awaitility.await()
                    .untilAsserted(() ->
                            // Six standard deviations of a binomial draw around 300.
                            assertThat(mirror.requests().size()).isBetween(213, 387));
        }
    }
}
