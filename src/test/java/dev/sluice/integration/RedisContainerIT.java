package dev.sluice.integration;

import static dev.sluice.integration.LimitedSluice.countTogether;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/// Limits counted by a Redis in a container; skipped where no engine runs.
@Testcontainers(disabledWithoutDocker = true)
class RedisContainerIT {

    private static final int PORT = 6379;

    @Container
    private static final GenericContainer<?> REDIS =
            new GenericContainer<>(
                            DockerImageName.parse(System.getProperty("redis.image", "redis:7.4.2")))
                    .withExposedPorts(PORT);

    private HttpServer backend;

    @BeforeEach
    void start() throws Exception {
        backend = Loopback.answering();
    }

    @AfterEach
    void stop() {
        backend.stop(0);
    }

    private LimitedSluice sluice(Path folder) throws Exception {
        return new LimitedSluice(
                folder,
                backend.getAddress().getPort(),
                "--spring.data.redis.host=" + REDIS.getHost(),
                "--spring.data.redis.port=" + REDIS.getMappedPort(PORT));
    }

    @Test
    void replicas_countTogether(@TempDir Path folder) throws Exception {
        try (LimitedSluice one = sluice(folder);
                LimitedSluice other = sluice(folder)) {
            countTogether(one, other, "ann");
        }
    }

    @Test
    void pausedRedis_failsNoRequestButByPolicy(@TempDir Path folder) throws Exception {
        DockerClient engine = REDIS.getDockerClient();
        try (LimitedSluice sluice = sluice(folder)) {
            engine.pauseContainerCmd(REDIS.getContainerId()).exec();
            try {
                assertThat(sluice.get("/seldom", "bob")).isEqualTo(503); // onFailure: Deny
                for (int i = 0; i < 20; i++) {
                    assertThat(sluice.get("/often", "bob")).isEqualTo(200); // counted here
                }
            } finally {
                engine.unpauseContainerCmd(REDIS.getContainerId()).exec();
            }
            sluice.awaitUp();
            Awaitility.await().until(() -> sluice.get("/seldom", "cid") == 200);
        }
    }
}
