package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.SlowProxy;
import io.netty.util.ResourceLeakDetector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fifty connections while Redis is slowed to two seconds, and killed.
class RedisOutageIT {

    private static final int CONNECTIONS = 50;

    /// Of one connection between two requests: far from what two cores can do, as waiting for a
    /// processor would be taken for waiting for Redis.
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final int WARM_UPS = 12;

    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private HttpServer backend;

    @BeforeEach
    void start() throws Exception {
        backend = Loopback.answering();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE); // paranoia takes time
    }

    @AfterEach
    void stop() {
        ResourceLeakDetector.setLevel(before);
        backend.stop(0);
    }

    /// What the connections saw, in milliseconds, beside a rule without limits.
    ///
    /// @param overdue how many waited longer than 50 ms for Redis
    private record Seen(
            int requests, long failed, long overdue, long p95, long longest, long p95Without) {

        static Seen of(List<Long> limited, List<Long> without, long failed, long overdue) {
            Collections.sort(limited);
            Collections.sort(without);
            return new Seen(
                    limited.size(),
                    failed,
                    overdue,
                    limited.get(limited.size() * 95 / 100),
                    limited.getLast(),
                    without.get(without.size() * 95 / 100));
        }

        void assertNobodyWaited() {
            assertThat(failed).isZero();
            assertThat(overdue).isZero();
        }
    }

    /// Each connection has a key of its own, a shared one, and none in turn.
    ///
    /// @param disturb happens after a second
    private static Seen load(LimitedSluice sluice, Callable<?> disturb) throws Exception {
        long end = System.nanoTime() + TIME.toNanos();
        long overdue = sluice.overdue();
        List<Long> limited = Collections.synchronizedList(new ArrayList<>());
        List<Long> without = Collections.synchronizedList(new ArrayList<>());
        AtomicLong failed = new AtomicLong();
        List<Future<?>> all = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            all.add(
                    threads.submit(() -> {
                        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                        return disturb.call();
                    }));
            for (int i = 0; i < CONNECTIONS; i++) {
                String own = "user" + i;
                all.add(
                        threads.submit(() -> {
                            while (System.nanoTime() - end < 0) {
                                limited.add(took(sluice, "/often", own, failed));
                                limited.add(took(sluice, "/often", "all", failed));
                                without.add(took(sluice, "/free", own, failed));
                            }
                            return own;
                        }));
            }
        }
        for (Future<?> one : all) {
            one.get();
        }
        return Seen.of(limited, without, failed.get(), sluice.overdue() - overdue);
    }

    private static long took(LimitedSluice sluice, String path, String user, AtomicLong failed)
            throws Exception {
        long start = System.nanoTime();
        if (sluice.get(path, user) != 200) {
            failed.incrementAndGet();
        }
        long took = millisSince(start);
        LockSupport.parkNanos(PAUSE.toNanos());
        return took;
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /// Load until code is compiled and a whole run sees no stall of this machine alone.
    private static Seen calm(LimitedSluice sluice) throws Exception {
        Seen seen = load(sluice, () -> sluice);
        for (int i = 1; i < WARM_UPS && seen.overdue() > 0; i++) {
            seen = load(sluice, () -> sluice);
        }
        Assumptions.assumeTrue(
                seen.overdue() == 0,
                "this machine stalls for more than 50 ms with Redis well: nothing can be shown");
        return seen;
    }

    @Test
    void slowedAndKilledUnder50Connections_nobodyWaitsOrFails(@TempDir Path folder)
            throws Exception {
        try (RedisProcess redis = new RedisProcess(folder);
                SlowProxy slow = new SlowProxy(redis.port());
                LimitedSluice sluice =
                        new LimitedSluice(
                                folder,
                                backend.getAddress().getPort(),
                                "--spring.data.redis.host=127.0.0.1",
                                "--spring.data.redis.port=" + slow.port())) {
            System.out.println("calm " + calm(sluice));
            Seen slowed =
                    load(
                            sluice,
                            () -> {
                                slow.delay(SLOW);
                                return slow;
                            });
            System.out.println("slowed to 2 s " + slowed);
            assertThat(sluice.isUp()).isFalse();
            assertThat(sluice.uncounted()).isPositive();
            slowed.assertNobodyWaited();
            slow.delay(Duration.ZERO);
            long back = System.nanoTime();
            sluice.awaitUp();
            System.out.printf("slowed: counted again after %d ms%n", millisSince(back));
            Seen killed =
                    load(
                            sluice,
                            () -> {
                                redis.kill();
                                return redis;
                            });
            System.out.println("killed " + killed);
            assertThat(sluice.isUp()).isFalse();
            killed.assertNobodyWaited();
            redis.start();
            back = System.nanoTime();
            sluice.awaitUp();
            System.out.printf("killed: counted again after %d ms%n", millisSince(back));
        }
    }
}
