package dev.sluice.integration;

import dev.sluice.fixture.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A Keycloak of this machine, as a process of its own.
final class KeycloakProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(5);

    private final Process process;
    private final Path log;
    private final String base;

    /// @param home where its distribution is
    /// @param realm its name
    /// @param text JSON of the realm
    KeycloakProcess(Path home, String realm, String text) throws IOException {
        int port = Loopback.freePort();
        base = "http://127.0.0.1:" + port;
        Path imports = Files.createDirectories(home.resolve("data/import"));
        try (DirectoryStream<Path> before = Files.newDirectoryStream(imports)) {
            for (Path file : before) {
                Files.delete(file);
            }
        }
        Files.writeString(imports.resolve(realm + "-realm.json"), text);
        Path hosts = home.resolve("hosts"); // where it finds gateways of the examples
        Files.writeString(
                hosts,
                "127.0.0.1 localhost account.example.com "
                        + InetAddress.getLocalHost().getHostName()
                        + "\n");
        log = home.resolve("start.log");
        ProcessBuilder builder =
                new ProcessBuilder(
                        "sh",
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--import-realm",
                        "--db=dev-mem",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--cache=local",
                        "--health-enabled=false",
                        "--http-management-port=" + Loopback.freePort());
        builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", "admin");
        builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin-password");
        builder.environment().put("JAVA_OPTS_APPEND", "-Djdk.net.hosts.file=" + hosts);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        process = builder.start();
    }

    String base() {
        return base;
    }

    /// Waits until the realm is there.
    ///
    /// @param metadata answered by then
    void await(URI metadata) throws Exception {
        Instant end = Instant.now().plus(START);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isThere(client, metadata)) {
                if (!process.isAlive() || Instant.now().isAfter(end)) {
                    throw new IllegalStateException(
                            "Keycloak did not start: " + Files.readString(log));
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        }
    }

    private static boolean isThere(HttpClient client, URI uri) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
