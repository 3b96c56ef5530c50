package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.app.SluiceApplication;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.SlowProxy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Global limits of running Sluices, counted by servers of Redis.
class RedisIT {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int CONNECTIONS = 50;
    private static final Duration SLOW = Duration.ofSeconds(2);

    @TempDir private Path folder;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private HttpServer backend;

    @BeforeEach
    void start() throws Exception {
        backend = Loopback.answering();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        backend.stop(0);
    }

    private RedisProcess redis(String... settings) throws Exception {
        return opened(new RedisProcess(folder, settings));
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.add(one);
        return one;
    }

    private final class Sluice {

        final int port = Loopback.freePort();
        final ConfigurableApplicationContext context;

        Sluice(String... settings) throws Exception {
            Path resources = Files.createDirectories(folder.resolve("resources-" + port));
            Files.writeString(
                    resources.resolve("all.yaml"),
                    Files.readString(Path.of("src/test/resources/integration/limits.yaml"))
                            .replace("PORT", Integer.toString(port))
                            .replace("BACKEND", Integer.toString(backend.getAddress().getPort())));
            List<String> all = new ArrayList<>(List.of(settings));
            all.add("--sluice.source.file.path=" + resources);
            all.add("--management.server.port=" + Loopback.freePort());
            context =
                    new SpringApplicationBuilder(SluiceApplication.class)
                            .run(all.toArray(String[]::new));
            opened.add(context);
            awaitUp();
        }

        void awaitUp() {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isUp());
        }

        boolean isUp() {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            return meters.get("sluice.rate.limit.redis").gauge().value() == 1;
        }

        double uncounted() {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            return meters.get("sluice.rate.limit.uncounted").counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        /// How many requests have waited longer than 50 ms for Redis.
        long overdue() {
            Timer waits =
                    context.getBean(MeterRegistry.class).get("sluice.rate.limit.wait").timer();
            HistogramSnapshot snapshot = waits.takeSnapshot();
            for (CountAtBucket bucket : snapshot.histogramCounts()) {
                if (bucket.bucket(TimeUnit.MILLISECONDS) == 50) {
                    return snapshot.count() - (long) bucket.count();
                }
            }
            throw new IllegalStateException("no bucket of 50 ms");
        }

        int get(String path, String user) throws Exception {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .header("x-user", user)
                            .timeout(Duration.ofSeconds(15))
                            .build();
            return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static void countTogether(Sluice one, Sluice other, String user) throws Exception {
        assertThat(one.get("/seldom", user)).isEqualTo(200);
        assertThat(other.get("/seldom", user)).isEqualTo(200);
        assertThat(one.get("/seldom", user)).isEqualTo(429);
        assertThat(other.get("/seldom", user)).isEqualTo(429);
    }

    @Test
    void singleServer_withTlsAndUserOfFewRights() throws Exception {
        Path certificate = folder.resolve("redis.crt");
        Path key = folder.resolve("redis.key");
        Process openssl =
                new ProcessBuilder(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-subj",
                                "/CN=localhost",
                                "-addext",
                                "subjectAltName=IP:127.0.0.1",
                                "-days",
                                "2",
                                "-keyout",
                                key.toString(),
                                "-out",
                                certificate.toString())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(out).isZero();
        int port = Loopback.freePort();
        redis(
                "tls-port " + port,
                "tls-cert-file " + certificate,
                "tls-key-file " + key,
                "tls-ca-cert-file " + certificate,
                "tls-auth-clients no",
                "user default off",
                "user gateway on >secret ~sluice:limit:* +evalsha +eval +time +get +set +del");
        String[] settings = {
            "--spring.data.redis.host=127.0.0.1",
            "--spring.data.redis.port=" + port,
            "--spring.data.redis.username=gateway",
            "--spring.data.redis.password=secret",
            "--spring.data.redis.ssl.bundle=redis",
            "--spring.ssl.bundle.pem.redis.truststore.certificate=file:" + certificate
        };
        countTogether(new Sluice(settings), new Sluice(settings), "ann");
    }

    @Test
    void sentinel_failOverIsFollowed() throws Exception {
        RedisProcess master = redis();
        RedisProcess replica = redis("replicaof 127.0.0.1 " + master.port());
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> cli(replica, "info", "replication").contains("link_status:up"));
        RedisProcess sentinel = opened(RedisProcess.sentinel(folder, master.port()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> cli(sentinel, "sentinel", "replicas", "limits").contains("127.0.0.1"));
        String[] settings = {
            "--spring.data.redis.sentinel.master=limits",
            "--spring.data.redis.sentinel.nodes=127.0.0.1:" + sentinel.port()
        };
        Sluice one = new Sluice(settings);
        Sluice other = new Sluice(settings);
        countTogether(one, other, "ann");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> cli(replica, "keys", "sluice:limit:default/*").contains("seldom"));
        master.kill();
        long killed = System.nanoTime();
        assertThat(one.get("/seldom", "bob")).isEqualTo(503);
        one.awaitUp();
        System.out.printf("fail-over: counted again after %d ms%n", millisSince(killed));
        other.get("/seldom", "cid");
        other.awaitUp();
        countTogether(one, other, "dan");
        assertThat(other.get("/seldom", "ann")).as("replicated").isEqualTo(429);
    }

    private static String cli(RedisProcess redis, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-p", Integer.toString(redis.port())));
        all.addAll(List.of(arguments));
        return RedisProcess.cli(all.toArray(String[]::new));
    }

    @Test
    void clusterOfThree_countsKeysOnAllNodes() throws Exception {
        List<RedisProcess> nodes = new ArrayList<>();
        List<String> create = new ArrayList<>(List.of("--cluster", "create"));
        for (int i = 0; i < 3; i++) {
            RedisProcess node = redis("cluster-enabled yes", "cluster-port " + Loopback.freePort());
            nodes.add(node);
            create.add("127.0.0.1:" + node.port());
        }
        create.add("--cluster-yes");
        RedisProcess.cli(create.toArray(String[]::new));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> cli(nodes.get(2), "cluster", "info").contains("cluster_state:ok"));
        String[] settings = {"--spring.data.redis.cluster.nodes=127.0.0.1:" + nodes.get(0).port()};
        Sluice one = new Sluice(settings);
        Sluice other = new Sluice(settings);
        for (int user = 0; user < 20; user++) {
            countTogether(one, other, "user" + user);
        }
        for (RedisProcess node : nodes) {
            assertThat(cli(node, "dbsize").strip()).isNotEqualTo("0");
        }
    }

    /// What fifty connections saw, in milliseconds, beside a rule without limits.
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

        /// By the gateway's own timer: what clients see is slowed by a busy machine as well.
        void assertNobodyWaited() {
            assertThat(failed).isZero();
            assertThat(overdue).isZero();
            assertThat(longest).isLessThan(SLOW.toMillis());
        }
    }

    /// Fifty connections: each with a key of its own, a shared one, and none in turn.
    ///
    /// @param disturb happens after a second
    private static Seen load(Sluice sluice, Duration time, Callable<?> disturb) throws Exception {
        long end = System.nanoTime() + time.toNanos();
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

    private static long took(Sluice sluice, String path, String user, AtomicLong failed)
            throws Exception {
        long start = System.nanoTime();
        if (sluice.get(path, user) != 200) {
            failed.incrementAndGet();
        }
        long took = millisSince(start);
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        return took;
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    @Test
    void killedAndSlowedUnder50Connections_nobodyWaitsOrFails() throws Exception {
        RedisProcess redis = redis();
        SlowProxy slow = opened(new SlowProxy(redis.port()));
        Sluice sluice =
                new Sluice(
                        "--spring.data.redis.host=127.0.0.1",
                        "--spring.data.redis.port=" + slow.port());
        Callable<?> nothing = () -> sluice;
        load(sluice, Duration.ofSeconds(5), nothing); // warms up
        Seen calm = load(sluice, Duration.ofSeconds(5), nothing);
        Seen slowed =
                load(
                        sluice,
                        Duration.ofSeconds(8),
                        () -> {
                            slow.delay(SLOW);
                            return slow;
                        });
        assertThat(sluice.isUp()).isFalse();
        assertThat(sluice.uncounted()).isPositive();
        slow.delay(Duration.ZERO);
        long back = System.nanoTime();
        sluice.awaitUp();
        System.out.printf("slowed: counted again after %d ms%n", millisSince(back));
        Seen killed =
                load(
                        sluice,
                        Duration.ofSeconds(8),
                        () -> {
                            redis.kill();
                            return redis;
                        });
        assertThat(sluice.isUp()).isFalse();
        redis.start();
        back = System.nanoTime();
        sluice.awaitUp();
        System.out.printf("killed: counted again after %d ms%n", millisSince(back));
        System.out.printf("calm %s%nslowed to 2 s %s%nkilled %s%n", calm, slowed, killed);
        slowed.assertNobodyWaited();
        killed.assertNobodyWaited();
    }
}
