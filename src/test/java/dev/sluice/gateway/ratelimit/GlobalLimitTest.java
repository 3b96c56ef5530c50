package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.SlowProxy;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.PolicySection;
import dev.sluice.policy.ratelimit.Global;
import dev.sluice.policy.ratelimit.Global.OnFailure;
import dev.sluice.policy.ratelimit.Limit;
import dev.sluice.policy.ratelimit.Limit.Cost;
import dev.sluice.policy.ratelimit.Limit.KeyPart;
import dev.sluice.policy.ratelimit.Limits;
import dev.sluice.policy.ratelimit.RateLimitStages;
import dev.sluice.policy.ratelimit.RedisLink;
import dev.sluice.server.ServerSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/// Limits of scope `Global`: replicas that share a Redis.
class GlobalLimitTest {

    /// More than a loaded machine needs: these tests are not about time.
    private static final Global PATIENT =
            new Global(Duration.ofSeconds(1), OnFailure.LOCAL_FALLBACK);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private int redisPort;
    private RedisServer redis;
    private RawBackend backend;

    @BeforeEach
    void start() throws Exception {
        redisPort = Loopback.freePort();
        redis = new RedisServer(redisPort);
        redis.start();
        backend = RawBackend.saying("hello");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        backend.close();
        redis.stop();
    }

    /// A gateway with a link of its own.
    private final class Replica {

        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final TestGateway gateway;

        Replica(int port, Global global, Limit... limits) throws Exception {
            RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", port));
            opened.add(client::shutdown);
            client.setOptions(
                    ClientOptions.builder()
                            .disconnectedBehavior(
                                    ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                            .build());
            RedisLink link = new RedisLink(() -> client.connect(StringCodec.UTF8), meters);
            opened.add(link);
            RulePolicies policies =
                    new RulePolicies(Map.of("RateLimitPolicy", new RateLimitStages(meters, link)));
            gateway =
                    new TestGateway(ServerSettings.DEFAULT, _ -> null, policies)
                            .backend("one", backend.endpoint())
                            .rule(
                                    "one",
                                    section("limits", new Limits(List.of(limits))),
                                    section("global", global))
                            .publish();
            opened.add(gateway);
            awaitUp();
        }

        final void awaitUp() {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> meters.get("sluice.rate.limit.redis").gauge().value() == 1);
        }

        double uncounted() {
            return meters.get("sluice.rate.limit.uncounted").counter().count();
        }

        /// The status of an answer.
        int get(String path) throws Exception {
            try (RawClient client = gateway.client()) {
                return client.get("a", path).status();
            }
        }
    }

    private static AttachedPolicy section(String name, PolicySection value) {
        return new AttachedPolicy(
                "RateLimitPolicy", name, Mode.ENFORCE, "test/limits", "HTTPRoute test/r", value);
    }

    private static Limit limit(long requests, Duration per, long burst, Cost cost, KeyPart... key) {
        return new Limit(
                "all",
                List.of(key),
                Limit.When.ALWAYS,
                new Limit.Rate(requests, per, burst),
                cost,
                Limit.Scope.GLOBAL);
    }

    private static Limit hourly(long burst) {
        return limit(burst, Duration.ofHours(1), burst, Cost.ONE);
    }

    @Test
    void replicas_countTogether() throws Exception {
        Replica one = new Replica(redisPort, PATIENT, hourly(4));
        Replica other = new Replica(redisPort, PATIENT, hourly(4));
        assertThat(one.get("/")).isEqualTo(200);
        assertThat(other.get("/")).isEqualTo(200);
        assertThat(one.get("/")).isEqualTo(200);
        try (RawClient client = other.gateway.client()) {
            RawClient.Response last = client.get("a", "/");
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.field("ratelimit")).isEqualTo("\"all\";r=0;t=3600");
            RawClient.Response refused = client.get("a", "/");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).isEqualTo("too many requests: limit all\n");
            assertThat(refused.field("retry-after")).isNotEmpty();
        }
        assertThat(one.get("/")).isEqualTo(429);
        assertThat(one.uncounted() + other.uncounted()).isZero();
    }

    @Test
    void severalLimits_refusedRequestCostsNothing() throws Exception {
        Limit.When narrowly = new Limit.When(List.of(), List.of("/narrow"));
        Limit.Rate rate = new Limit.Rate(1, Duration.ofHours(1), 1);
        Limit narrow = new Limit("narrow", List.of(), narrowly, rate, Cost.ONE, Limit.Scope.GLOBAL);
        Replica replica = new Replica(redisPort, PATIENT, hourly(2), narrow);
        assertThat(replica.get("/narrow")).isEqualTo(200);
        assertThat(replica.get("/narrow")).isEqualTo(429);
        assertThat(replica.get("/wide")).isEqualTo(200);
        assertThat(replica.get("/wide")).isEqualTo(429);
    }

    @Test
    void costOfResponses_isPaidByAllReplicas() throws Exception {
        backend.close();
        byte[] dear = RawBackend.bytes("HTTP/1.1 200 OK\r\nx-cost: 9\r\nContent-Length: 0\r\n\r\n");
        backend =
                new RawBackend((_, _, out) -> {
                    out.write(dear);
                    return true;
                });
        Limit limit = limit(10, Duration.ofHours(1), 10, new Cost(1, null, "x-cost"));
        Replica one = new Replica(redisPort, PATIENT, limit);
        Replica other = new Replica(redisPort, PATIENT, limit);
        assertThat(one.get("/")).isEqualTo(200);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> remaining() == 0);
        assertThat(other.get("/")).isEqualTo(429);
    }

    /// Tokens of the one bucket in Redis, by the time at which it is full.
    private long remaining() {
        RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", redisPort));
        try (var connection = client.connect()) {
            var commands = connection.sync();
            String key = commands.keys("sluice:limit:test/*").getFirst();
            long left = commands.pttl(key);
            return 10 - Math.ceilDiv(left, Duration.ofHours(1).toMillis() / 10);
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void threeReplicasUnderLoad_letPassTheRateWithin2Percent_andAskSeldom() throws Exception {
        long rate = 300;
        Limit limit = limit(rate, Duration.ofSeconds(1), rate, Cost.ONE);
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            replicas.add(new Replica(redisPort, PATIENT, limit));
        }
        AtomicLong passed = new AtomicLong();
        AtomicLong sent = new AtomicLong();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(6).toNanos();
        List<Future<?>> clients = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Replica replica : replicas) {
                for (int i = 0; i < 2; i++) {
                    clients.add(threads.submit(() -> load(replica, end, sent, passed)));
                }
            }
        }
        for (Future<?> client : clients) {
            client.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double expected = rate + rate * seconds;
        assertThat(replicas.stream().mapToDouble(Replica::uncounted).sum()).isZero();
        // A slow machine offers little more; what passes is the limit all the same.
        assertThat(sent.get()).as("offered more than the limit").isGreaterThan(passed.get());
        assertThat(passed.get() / expected).isBetween(0.98, 1.02);
        assertThat(calls()).as("of " + sent).isLessThan(sent.get() / 2);
    }

    private static Void load(Replica replica, long end, AtomicLong sent, AtomicLong passed)
            throws Exception {
        try (RawClient client = replica.gateway.client()) {
            while (System.nanoTime() - end < 0) {
                sent.incrementAndGet();
                if (client.get("a", "/").status() == 200) {
                    passed.incrementAndGet();
                }
            }
        }
        return null;
    }

    /// How often the script ran.
    private long calls() {
        RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", redisPort));
        try (var connection = client.connect()) {
            Matcher matcher =
                    Pattern.compile("cmdstat_evalsha:calls=([0-9]+)")
                            .matcher(connection.sync().info("commandstats"));
            return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void slowRedis_isNotWaitedFor_andTheFailureIsAsWritten() throws Exception {
        try (SlowProxy slow = new SlowProxy(redisPort)) {
            Duration timeout = Duration.ofMillis(200);
            Replica local =
                    new Replica(
                            slow.port(), new Global(timeout, OnFailure.LOCAL_FALLBACK), hourly(3));
            Replica allowing =
                    new Replica(slow.port(), new Global(timeout, OnFailure.ALLOW), hourly(3));
            Replica denying =
                    new Replica(slow.port(), new Global(timeout, OnFailure.DENY), hourly(3));
            assertThat(local.get("/")).isEqualTo(200);
            assertThat(allowing.get("/")).isEqualTo(200);
            assertThat(denying.get("/")).isEqualTo(200);
            assertThat(denying.get("/")).isEqualTo(429);
            slow.delay(Duration.ofSeconds(5));
            for (int i = 0; i < 3; i++) {
                // What an empty bucket said is kept for a second.
                Awaitility.await().until(() -> denying.get("/") == 503);
                assertThat(allowing.get("/")).isEqualTo(200);
            }
            Awaitility.await().until(() -> local.get("/") == 200);
            Awaitility.await().until(() -> local.get("/") == 429);
            assertThat(local.uncounted()).isPositive();
            assertThat(denying.uncounted()).isPositive();
            slow.delay(Duration.ZERO);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(allowing.get("/")).isEqualTo(429));
        }
    }

    @Test
    void redisThatGoesAndReturns_isUsedAgain() throws Exception {
        Replica replica = new Replica(redisPort, PATIENT, hourly(1));
        assertThat(replica.get("/")).isEqualTo(200);
        redis.stop();
        Awaitility.await()
                .until(() ->
                        replica.get("/") > 0
                                && replica.meters.get("sluice.rate.limit.redis").gauge().value()
                                        == 0);
        redis = new RedisServer(redisPort);
        redis.start();
        replica.awaitUp();
        double before = replica.uncounted();
        Awaitility.await().until(() -> replica.get("/") == 200);
        assertThat(replica.get("/")).isEqualTo(429);
        assertThat(replica.uncounted()).isEqualTo(before);
    }
}
