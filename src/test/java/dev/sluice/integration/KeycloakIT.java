package dev.sluice.integration;

import java.nio.file.Path;

/// With the distribution of Keycloak, as a process.
class KeycloakIT extends KeycloakContract {

    @Override
    Keycloak keycloak() throws Exception {
        return Keycloak.started(Path.of(System.getProperty("keycloak.home")));
    }
}
