package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.observe.UnexpectedErrors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One replica leads, and another one when it goes.
@Timeout(60)
class LeadershipTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(10);

    private static final UnexpectedErrors ERRORS = new UnexpectedErrors(new SimpleMeterRegistry());

    private final FakeApiServer server = new FakeApiServer();
    private final Leadership one = new Leadership(server.client(), "ns", "one", ERRORS);
    private final Leadership two = new Leadership(server.client(), "ns", "two", ERRORS);

    @AfterEach
    void close() {
        one.close();
        two.close();
        server.close();
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(LONG).pollInterval(POLL).until(condition::getAsBoolean);
    }

    @Test
    void leaderThatEnds_handsOver() {
        AtomicInteger told = new AtomicInteger();
        one.start(() -> {}, () -> true);
        await(one::isLeading);
        two.start(told::incrementAndGet, () -> true);
        one.close();
        long start = System.nanoTime();
        await(two::isLeading);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(one.isLeading()).isFalse();
        await(() -> told.get() == 1);
    }

    @Test
    void errorInATurn_isNotTheLast() {
        one.start(
                () -> {
                    throw new LinkageError();
                },
                () -> true);
        await(one::isLeading);
        long renewals = renewals();
        await(() -> renewals() > renewals + 1);
        assertThat(one.isLeading()).isTrue();
    }

    private long renewals() {
        return server.requests.stream().filter(request -> request.startsWith("PUT")).count();
    }

    @Test
    void replicaWithoutConfiguration_leavesTheLeaseToOthers() {
        AtomicBoolean eligible = new AtomicBoolean();
        one.start(() -> {}, eligible::get);
        two.start(() -> {}, () -> true);
        await(two::isLeading);
        assertThat(one.isLeading()).isFalse();
        two.close();
        eligible.set(true);
        await(one::isLeading);
    }

    @Test
    void leaderThatFallsSilent_isReplaced_whenItsTermIsOver() {
        server.put(
                "/apis/coordination.k8s.io/v1/namespaces/ns/leases/sluice-leader",
                "{'spec': {'holderIdentity': 'killed', 'leaseTransitions': 1}}");
        long start = System.nanoTime();
        two.start(() -> {}, () -> true);
        await(two::isLeading);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(7));
    }

    @Test
    void leaderWithoutServer_stops_andStandsAgain() {
        one.start(() -> {}, () -> true);
        await(one::isLeading);
        int port = server.port();
        server.kill();
        await(() -> !one.isLeading());
        server.revive(port);
        await(one::isLeading);
    }

    @Test
    void twoNeverLeadAtOnce_alsoWhenTheFirstFallsSilent() {
        one.start(() -> {}, () -> true);
        await(one::isLeading);
        two.start(() -> {}, () -> true);
        server.forbidden.add("leases"); // one cannot renew, two cannot see
        await(() -> !one.isLeading());
        server.forbidden.clear();
        await(() -> {
            boolean first = one.isLeading();
            boolean second = two.isLeading();
            assertThat(first && second).isFalse();
            return first || second;
        });
    }

    @Test
    void singleInstance_leads() {
        assertThat(new Leadership(server.client(), null, "x", ERRORS).isLeading()).isTrue();
    }
}
