package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.Manifests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The end of a real process by SIGTERM, as a supervisor, or Ctrl-C, would end it.
class ProcessEndTest {

    @TempDir Path folder;

    @Test
    @Timeout(90)
    void sigterm_letsTheRequestInFlightEnd_andTheProcessEndsWithZero() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        HttpServer backend = backend(arrived, release);
        int port = Loopback.freePort();
        Files.writeString(
                folder.resolve("all.yaml"),
                Manifests.gateway(port, backend.getAddress().getPort()) + Manifests.route("route"));
        Process process = start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/");
            awaitListener(process, port);
            CompletableFuture<HttpResponse<String>> inFlight =
                    client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
            process.destroy();
            awaitNoListener(port);
            release.countDown();
            assertThat(inFlight.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            release.countDown();
            process.destroyForcibly();
            backend.stop(0);
        }
    }

    private static HttpServer backend(CountDownLatch arrived, CountDownLatch release)
            throws IOException {
        HttpServer backend = Loopback.server();
        backend.createContext(
                "/",
                exchange -> {
                    arrived.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        backend.start();
        return backend;
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                SluiceApplication.class.getName(),
                                "--sluice.source.file.path=" + folder,
                                "--management.server.port=0"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private static void awaitListener(Process process, int port) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!accepts(port)) {
            assertThat(process.isAlive()).isTrue();
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    private static void awaitNoListener(int port) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (accepts(port)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    private static boolean accepts(int port) throws InterruptedException {
        try (var _ = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            TimeUnit.MILLISECONDS.sleep(20);
            return false;
        }
    }
}
