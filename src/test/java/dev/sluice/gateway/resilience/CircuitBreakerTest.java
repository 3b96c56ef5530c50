package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Guard;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.Backend;
import dev.sluice.ir.PathMatch;
import dev.sluice.ir.PolicySection.ServicePort;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.policy.resilience.CircuitBreaking;
import dev.sluice.policy.resilience.CircuitBreaking.Fallback;
import dev.sluice.policy.resilience.CircuitBreaking.Slow;
import dev.sluice.policy.resilience.CircuitBreaking.Window;
import dev.sluice.policy.resilience.ResilienceGuards;
import dev.sluice.server.ServerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Section `circuitBreaker` of ResiliencePolicies over sockets.
class CircuitBreakerTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final String ONE = "ResiliencePolicy test/one";
    private static final Duration SHORT = Duration.ofMillis(300);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private volatile String status = "200 OK";

    /// Opens when two of the last two calls failed or were slow; one call tries then.
    private static CircuitBreaking breaking(Duration open, @Nullable Slow slow) {
        Fallback fallback = new Fallback(299, "{\"rests\": true}", "application/json", null);
        return new CircuitBreaking(
                new Window(Window.WindowType.COUNT, 2), 2, 100, slow, open, 1, fallback);
    }

    private static AttachedPolicy policy(Mode mode, CircuitBreaking section) {
        return new AttachedPolicy(
                "ResiliencePolicy", "circuitBreaker", mode, "test/one", "Service one", section);
    }

    private TestGateway gateway(Endpoint endpoint, AttachedPolicy policy) {
        return gateway(endpoint, policy, Timeouts.NONE);
    }

    private TestGateway gateway(Endpoint endpoint, AttachedPolicy policy, Timeouts timeouts) {
        RulePolicies policies =
                new RulePolicies(Map.of("ResiliencePolicy", new ResilienceGuards(meters)));
        List<Backend> to = List.of(new Backend.Forward(1, "one", List.of(), List.of(policy), null));
        return new TestGateway(ServerSettings.DEFAULT, _ -> null, policies)
                .backend("one", endpoint)
                .rule(TestGateway.match(new PathMatch.Prefix("/other")), to, timeouts)
                .rule(TestGateway.match(new PathMatch.Prefix("/")), to, timeouts)
                .publish();
    }

    private RawBackend backend() throws IOException {
        return new RawBackend((_, _, out) -> {
            out.write(RawBackend.bytes("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n"));
            return true;
        });
    }

    private static RawClient.Response get(TestGateway gateway, String path) throws Exception {
        try (RawClient client = gateway.client()) {
            return client.get("a", path);
        }
    }

    private double open() {
        return meters.get("sluice.breaker.open").gauge().value();
    }

    @Test
    void failures_openIt_forAllRulesThatLeadThere_andTheFallbackAnswers() throws Exception {
        try (RawBackend backend = backend();
                TestGateway gateway =
                        gateway(backend.endpoint(), policy(Mode.ENFORCE, breaking(LONG, null)))) {
            assertThat(get(gateway, "/").status()).isEqualTo(200);
            status = "500 No";
            assertThat(get(gateway, "/").status()).isEqualTo(500);
            assertThat(open()).isZero();
            assertThat(get(gateway, "/").status()).isEqualTo(500);
            assertThat(open()).isEqualTo(1);
            RawClient.Response instead = get(gateway, "/other");
            assertThat(instead.status()).isEqualTo(299);
            assertThat(instead.field("content-type")).isEqualTo("application/json");
            assertThat(instead.body()).isEqualTo("{\"rests\": true}");
            assertThat(backend.requests()).hasSize(3);
            assertThat(meters.get("sluice.policy.refused").counter().count()).isEqualTo(1);
        }
    }

    private static Guard guard(ResilienceGuards guards, String policy, CircuitBreaking section) {
        AttachedPolicy attached =
                new AttachedPolicy(
                        "ResiliencePolicy",
                        "circuitBreaker",
                        Mode.ENFORCE,
                        policy,
                        "Service one",
                        section);
        return Objects.requireNonNull(guards.guard(Map.of("circuitBreaker", attached), "one"));
    }

    private static void open(Guard guard) {
        guard.ended(500, null, 1);
        guard.ended(500, null, 1);
    }

    @Test
    void gauge_isOfTheBreakerThatIsInEffect_andGoesWithTheLastOne() {
        ResilienceGuards guards = new ResilienceGuards(meters);
        Guard old = guard(guards, "test/one", breaking(LONG, null));
        open(old);
        assertThat(open()).isEqualTo(1);
        Guard changed = guard(guards, "test/one", breaking(SHORT, null));
        assertThat(open()).isZero();
        open(changed);
        WeakReference<Guard> collected = new WeakReference<>(old);
        old = null;
        collect(collected);
        guard(guards, "test/two", breaking(LONG, null)); // where collected ones are forgotten
        assertThat(meters.get("sluice.breaker.open").tag("policy", ONE).gauge().value())
                .isEqualTo(1);
        collected = new WeakReference<>(changed);
        changed = null;
        collect(collected);
        Awaitility.await()
                .until(() -> {
                    guard(guards, "test/two", breaking(LONG, null));
                    return meters.find("sluice.breaker.open").tag("policy", ONE).gauge() == null;
                });
    }

    private static void collect(WeakReference<Guard> guard) {
        Awaitility.await()
                .until(() -> {
                    System.gc();
                    return guard.refersTo(null);
                });
    }

    /// A circuit that leads to another backend, where that is known.
    private TestGateway gateway(RawBackend to, RawBackend spare, @Nullable String fallback) {
        CircuitBreaking section =
                new CircuitBreaking(
                        new Window(Window.WindowType.COUNT, 2),
                        2,
                        100,
                        null,
                        LONG,
                        1,
                        new Fallback(503, "", "", new ServicePort("test", "spare", 80)));
        RulePolicies policies =
                new RulePolicies(Map.of("ResiliencePolicy", new ResilienceGuards(meters)));
        Backend one =
                new Backend.Forward(
                        1, "one", List.of(), List.of(policy(Mode.ENFORCE, section)), fallback);
        return new TestGateway(ServerSettings.DEFAULT, _ -> null, policies)
                .backend("one", to.endpoint())
                .backend("spare", spare.endpoint())
                .rule("/", List.of(one), Timeouts.NONE)
                .publish();
    }

    @Test
    void whileItIsOpen_theFallbackBackendAnswers_withTheBodyOfTheRequest() throws Exception {
        try (RawBackend backend = backend();
                RawBackend spare = RawBackend.echo();
                TestGateway gateway = gateway(backend, spare, "spare")) {
            status = "500 No";
            assertThat(get(gateway, "/").status()).isEqualTo(500);
            assertThat(get(gateway, "/").status()).isEqualTo(500);
            try (RawClient client = gateway.client()) {
                String answer =
                        client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                                .read()
                                .body();
                assertThat(answer).startsWith("POST /x HTTP/1.1\r\n").endsWith("\r\n\r\nhi");
            }
            assertThat(backend.requests()).hasSize(2);
            assertThat(meters.get("sluice.policy.refused").counter().count()).isEqualTo(1);
        }
    }

    @Test
    void fallbackThatFails_isTheAnswer() throws Exception {
        try (RawBackend backend = backend();
                RawBackend spare = new RawBackend((_, _, _) -> false);
                TestGateway gateway = gateway(backend, spare, "spare")) {
            status = "500 No";
            get(gateway, "/");
            get(gateway, "/");
            assertThat(get(gateway, "/").status()).isEqualTo(502);
        }
    }

    @Test
    void fallbackThatDoesNotResolve_leavesTheStatus() throws Exception {
        try (RawBackend backend = backend();
                RawBackend spare = RawBackend.saying("spare");
                TestGateway gateway = gateway(backend, spare, null)) {
            status = "500 No";
            get(gateway, "/");
            get(gateway, "/");
            assertThat(get(gateway, "/").status()).isEqualTo(503);
            assertThat(spare.requests()).isEmpty();
        }
    }

    @Test
    void onceTheTimeIsOver_aCallTries_andOpensItAgainOrClosesIt() throws Exception {
        try (RawBackend backend = backend();
                TestGateway gateway =
                        gateway(backend.endpoint(), policy(Mode.ENFORCE, breaking(SHORT, null)))) {
            status = "503 No";
            Awaitility.await().until(() -> get(gateway, "/").status() == 299);
            Awaitility.await().until(() -> get(gateway, "/").status() == 503);
            assertThat(get(gateway, "/").status()).isEqualTo(299);
            status = "200 OK";
            Awaitility.await().until(() -> get(gateway, "/").status() == 200);
            assertThat(get(gateway, "/").status()).isEqualTo(200);
            assertThat(open()).isZero();
        }
    }

    @Test
    void noConnection_isAFailure() throws Exception {
        Endpoint nobody = new Endpoint("127.0.0.1", Loopback.freePort());
        try (TestGateway gateway = gateway(nobody, policy(Mode.ENFORCE, breaking(LONG, null)))) {
            assertThat(get(gateway, "/").status()).isEqualTo(503);
            assertThat(get(gateway, "/").status()).isEqualTo(503);
            assertThat(get(gateway, "/").status()).isEqualTo(299);
        }
    }

    @Test
    void timeOutOfTheRequest_isAFailure() throws Exception {
        try (RawBackend silent = new RawBackend((_, _, _) -> true);
                TestGateway gateway =
                        gateway(
                                silent.endpoint(),
                                policy(Mode.ENFORCE, breaking(LONG, null)),
                                new Timeouts(Duration.ofMillis(100), Duration.ZERO))) {
            assertThat(get(gateway, "/").status()).isEqualTo(504);
            assertThat(get(gateway, "/").status()).isEqualTo(504);
            assertThat(get(gateway, "/").status()).isEqualTo(299);
        }
    }

    @Test
    void slowCalls_openIt() throws Exception {
        try (RawBackend slow =
                        new RawBackend((_, _, out) -> {
                            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                            out.write(RawBackend.ok("late"));
                            return true;
                        });
                TestGateway gateway =
                        gateway(
                                slow.endpoint(),
                                policy(
                                        Mode.ENFORCE,
                                        breaking(LONG, new Slow(100, Duration.ofMillis(90)))))) {
            assertThat(get(gateway, "/").status()).isEqualTo(200);
            assertThat(get(gateway, "/").status()).isEqualTo(200);
            assertThat(get(gateway, "/").status()).isEqualTo(299);
        }
    }

    @Test
    void clientThatLeaves_takesNoPlaceOfThoseThatTry() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            asked.countDown();
                            if (!status.isEmpty()) {
                                out.write(
                                        RawBackend.bytes(
                                                "HTTP/1.1 "
                                                        + status
                                                        + "\r\nContent-Length: 0\r\n\r\n"));
                            }
                            return true;
                        });
                TestGateway gateway =
                        gateway(backend.endpoint(), policy(Mode.ENFORCE, breaking(SHORT, null)))) {
            status = "500 No";
            get(gateway, "/");
            get(gateway, "/");
            Awaitility.await().until(() -> open() == 1);
            status = "";
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        try (RawClient client = gateway.client()) {
                            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                            return asked.await(200, TimeUnit.MILLISECONDS);
                        }
                    });
            status = "200 OK";
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> get(gateway, "/").status() == 200);
        }
    }

    @Test
    void shadow_countsAndLetsPass() throws Exception {
        try (RawBackend backend = backend();
                TestGateway gateway =
                        gateway(backend.endpoint(), policy(Mode.SHADOW, breaking(LONG, null)))) {
            status = "500 No";
            for (int i = 0; i < 4; i++) {
                assertThat(get(gateway, "/").status()).isEqualTo(500);
            }
            assertThat(meters.get("sluice.policy.refused").tag("mode", "shadow").counter().count())
                    .isEqualTo(2);
        }
    }
}
