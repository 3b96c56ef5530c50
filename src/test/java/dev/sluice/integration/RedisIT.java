package dev.sluice.integration;

import static dev.sluice.integration.LimitedSluice.countTogether;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Global limits of running Sluices, counted by servers of Redis.
class RedisIT {

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

    private LimitedSluice sluice(String... settings) throws Exception {
        return opened(new LimitedSluice(folder, backend.getAddress().getPort(), settings));
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
        countTogether(sluice(settings), sluice(settings), "ann");
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
        LimitedSluice one = sluice(settings);
        LimitedSluice other = sluice(settings);
        countTogether(one, other, "ann");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> cli(replica, "keys", "sluice:limit:default/*").contains("seldom"));
        master.kill();
        long killed = System.nanoTime();
        assertThat(one.get("/seldom", "bob")).isEqualTo(503);
        one.awaitUp();
        System.out.printf(
                "fail-over: counted again after %d ms%n",
                Duration.ofNanos(System.nanoTime() - killed).toMillis());
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
        LimitedSluice one = sluice(settings);
        LimitedSluice other = sluice(settings);
        for (int user = 0; user < 20; user++) {
            countTogether(one, other, "user" + user);
        }
        for (RedisProcess node : nodes) {
            assertThat(cli(node, "dbsize").strip()).isNotEqualTo("0");
        }
    }
}
