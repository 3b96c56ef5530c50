package dev.sluice.gateway.auth;

import dev.sluice.fixture.Loopback;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.policy.auth.oidc.SessionLink;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import redis.embedded.RedisServer;

/// Gateways that keep sessions in one Redis, each with a link of its own.
final class SessionReplicas {

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final int port = Loopback.freePort();
    private RedisServer redis;

    SessionReplicas() throws Exception {
        startRedis();
    }

    void startRedis() throws Exception {
        redis = new RedisServer(port);
        redis.start();
    }

    void stopRedis() throws Exception {
        redis.stop();
    }

    int redisPort() {
        return port;
    }

    /// What stands in Redis.
    RedisCommands<String, String> redis() {
        return client(port).connect().sync();
    }

    private RedisClient client(int to) {
        ClientResources resources =
                ClientResources.builder()
                        .reconnectDelay(Delay.constant(Duration.ofMillis(100)))
                        .build();
        opened.add(resources::shutdown);
        RedisClient client = RedisClient.create(resources, RedisURI.create("127.0.0.1", to));
        opened.add(client::shutdown);
        client.setOptions(
                ClientOptions.builder()
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .build());
        return client;
    }

    AuthFixture replica(AttachedPolicy... sections) throws Exception {
        return replica(port, sections);
    }

    /// @param to where it takes Redis to be
    AuthFixture replica(int to, AttachedPolicy... sections) throws Exception {
        RedisClient client = client(to);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        SessionLink link = new SessionLink(() -> client.connect(StringCodec.UTF8), meters);
        opened.add(link);
        AuthFixture replica = new AuthFixture(link, meters, sections);
        opened.add(replica);
        awaitUp(replica);
        return replica;
    }

    static void awaitUp(AuthFixture replica) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> isUp(replica));
    }

    static boolean isUp(AuthFixture replica) {
        return replica.meters.get("sluice.session.redis").gauge().value() == 1;
    }

    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        redis.stop();
    }
}
