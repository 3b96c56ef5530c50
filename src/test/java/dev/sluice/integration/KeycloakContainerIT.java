package dev.sluice.integration;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/// With Keycloak in a container; skipped where no engine runs.
@Testcontainers(disabledWithoutDocker = true)
class KeycloakContainerIT extends KeycloakContract {

    private static final int PORT = 8080;

    @Override
    Keycloak keycloak() {
        String image = System.getProperty("keycloak.image", "quay.io/keycloak/keycloak:26.7.3");
        GenericContainer<?> container =
                new GenericContainer<>(DockerImageName.parse(image))
                        .withExposedPorts(PORT)
                        .withEnv("KC_BOOTSTRAP_ADMIN_USERNAME", "admin")
                        .withEnv("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin-password")
                        .withCopyFileToContainer(
                                MountableFile.forHostPath(Keycloak.SHOP_REALM),
                                "/opt/keycloak/data/import/shop-realm.json")
                        .withCommand("start-dev", "--import-realm")
                        .waitingFor(
                                Wait.forHttp("/realms/" + Keycloak.SHOP + Keycloak.METADATA)
                                        .forPort(PORT)
                                        .withStartupTimeout(Duration.ofMinutes(5)));
        container.start();
        String base = "http://" + container.getHost() + ":" + container.getMappedPort(PORT);
        return new Keycloak(base, Keycloak.SHOP, container::stop);
    }
}
