package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.Backend;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.Timeouts;
import dev.sluice.policy.resilience.Bulkhead;
import dev.sluice.policy.resilience.CircuitBreaking;
import dev.sluice.policy.resilience.Faults;
import dev.sluice.policy.resilience.ResilienceGuards;
import dev.sluice.server.ServerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Sections `faults` and `bulkhead` of ResiliencePolicies over sockets.
class FaultsTest {

    private static final Duration LONG = Duration.ofMillis(600);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private TestGateway gateway(RawBackend backend, Mode mode, PolicySection... sections) {
        RulePolicies policies =
                new RulePolicies(Map.of("ResiliencePolicy", new ResilienceGuards(meters)));
        List<AttachedPolicy> attached =
                Stream.of(sections)
                        .map(section ->
                                new AttachedPolicy(
                                        "ResiliencePolicy",
                                        name(section),
                                        mode,
                                        "test/one",
                                        "Service one",
                                        section))
                        .toList();
        List<Backend> to = List.of(new Backend.Forward(1, "one", List.of(), attached, null));
        return new TestGateway(ServerSettings.DEFAULT, _ -> null, policies)
                .backend("one", backend.endpoint())
                .rule(TestGateway.match(new PathMatch.Prefix("/")), to, Timeouts.NONE)
                .publish();
    }

    private static String name(PolicySection section) {
        return switch (section) {
            case Faults _ -> "faults";
            case Bulkhead _ -> "bulkhead";
            default -> "circuitBreaker";
        };
    }

    private static int status(TestGateway gateway, String... fields) throws Exception {
        try (RawClient client = gateway.client()) {
            String lines = String.join("", Stream.of(fields).map(field -> field + "\r\n").toList());
            return client.send("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n").read().status();
        }
    }

    private static CircuitBreaking twoFailures() {
        return new CircuitBreaking(
                new CircuitBreaking.Window(CircuitBreaking.Window.WindowType.COUNT, 2),
                2,
                100,
                null,
                Duration.ofHours(1),
                1,
                CircuitBreaking.Fallback.DEFAULT);
    }

    @Test
    void abort_answersThoseWithTheField_andIsNoFailureOfTheBackend() throws Exception {
        Faults faults = new Faults(null, new Faults.Abort(599, 100), "x-chaos");
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, Mode.ENFORCE, faults, twoFailures())) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(gateway, "X-Chaos: 1")).isEqualTo(599);
            }
            assertThat(status(gateway)).isEqualTo(200);
            assertThat(backend.requests()).hasSize(1);
            assertThat(meters.get("sluice.faults").counter().count()).isEqualTo(3);
        }
    }

    @Test
    void abort_hitsItsShare() throws Exception {
        Faults faults = new Faults(null, new Faults.Abort(599, 50), null);
        int aborted = 0;
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, Mode.ENFORCE, faults);
                RawClient client = gateway.client()) {
            for (int i = 0; i < 400; i++) {
                aborted += client.get("a", "/").status() == 599 ? 1 : 0;
            }
        }
        assertThat(aborted).isBetween(100, 300); // ten standard deviations
    }

    @Test
    void delay_keepsTheBodyUntilThen() throws Exception {
        Faults faults = new Faults(new Faults.Delay(LONG, 100), null, null);
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway(backend, Mode.ENFORCE, faults);
                RawClient client = gateway.client()) {
            long start = System.nanoTime();
            RawClient.Response response =
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
                            .read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).endsWith("hello");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(LONG.toNanos());
        }
    }

    @Test
    void delay_isNoSlownessOfTheBackend_andEndsWithTheClient() throws Exception {
        Faults faults = new Faults(new Faults.Delay(LONG, 100), null, null);
        CircuitBreaking slow =
                new CircuitBreaking(
                        new CircuitBreaking.Window(CircuitBreaking.Window.WindowType.COUNT, 2),
                        2,
                        100,
                        new CircuitBreaking.Slow(1, LONG.dividedBy(2)),
                        Duration.ofHours(1),
                        1,
                        CircuitBreaking.Fallback.DEFAULT);
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, Mode.ENFORCE, faults, slow)) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(gateway)).isEqualTo(200);
            }
            try (RawClient client = gateway.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            assertThat(status(gateway)).isEqualTo(200);
            assertThat(backend.requests()).hasSize(4);
        }
    }

    @Test
    void shadowedFault_isCountedOnly() throws Exception {
        Faults faults = new Faults(null, new Faults.Abort(599, 100), null);
        try (RawBackend backend = RawBackend.saying("hello");
                TestGateway gateway = gateway(backend, Mode.SHADOW, faults)) {
            assertThat(status(gateway)).isEqualTo(200);
            assertThat(meters.get("sluice.faults").counter().count()).isEqualTo(1);
        }
    }

    @Test
    void bulkhead_refusesWhatIsTooMuch_untilTheLastByte() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(
                                    RawBackend.bytes(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"));
                            out.flush();
                            begun.countDown();
                            await(end);
                            out.write('b');
                            return true;
                        });
                TestGateway gateway = gateway(backend, Mode.ENFORCE, new Bulkhead(1));
                RawClient first = gateway.client()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(status(gateway)).isEqualTo(503);
            assertThat(meters.get("sluice.policy.refused").counter().count()).isEqualTo(1);
            end.countDown();
            assertThat(first.read().body()).isEqualTo("ab");
            Awaitility.await().until(() -> status(gateway) == 200);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
