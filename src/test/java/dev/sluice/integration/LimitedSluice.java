package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.SluiceApplication;
import dev.sluice.fixture.Loopback;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A running Sluice whose limits are counted in Redis: two requests an hour for each user under
/// `/seldom`, many under `/often`, no limit under `/free`.
final class LimitedSluice implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port = Loopback.freePort();
    private final ConfigurableApplicationContext context;

    /// @param backend port on loopback
    /// @param settings where Redis is
    LimitedSluice(Path folder, int backend, String... settings) throws Exception {
        Path resources = Files.createDirectories(folder.resolve("resources-" + port));
        Files.writeString(
                resources.resolve("all.yaml"),
                Files.readString(Path.of("src/test/resources/integration/limits.yaml"))
                        .replace("PORT", Integer.toString(port))
                        .replace("BACKEND", Integer.toString(backend)));
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--sluice.source.file.path=" + resources);
        all.add("--management.server.port=" + Loopback.freePort());
        context =
                new SpringApplicationBuilder(SluiceApplication.class)
                        .run(all.toArray(String[]::new));
        awaitUp();
    }

    void awaitUp() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::isUp);
    }

    boolean isUp() {
        return meters().get("sluice.rate.limit.redis").gauge().value() == 1;
    }

    double uncounted() {
        return meters().get("sluice.rate.limit.uncounted").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /// How many requests have waited longer than 50 ms for Redis.
    long overdue() {
        Timer waits = meters().get("sluice.rate.limit.wait").timer();
        HistogramSnapshot snapshot = waits.takeSnapshot();
        for (CountAtBucket bucket : snapshot.histogramCounts()) {
            if (bucket.bucket(TimeUnit.MILLISECONDS) == 50) {
                return snapshot.count() - (long) bucket.count();
            }
        }
        throw new IllegalStateException("no bucket of 50 ms");
    }

    private MeterRegistry meters() {
        return context.getBean(MeterRegistry.class);
    }

    /// The status of an answer.
    int get(String path, String user) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("x-user", user)
                        .timeout(Duration.ofSeconds(15))
                        .build();
        return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    }

    /// Asserts that both count as one.
    static void countTogether(LimitedSluice one, LimitedSluice other, String user)
            throws Exception {
        assertThat(one.get("/seldom", user)).isEqualTo(200);
        assertThat(other.get("/seldom", user)).isEqualTo(200);
        assertThat(one.get("/seldom", user)).isEqualTo(429);
        assertThat(other.get("/seldom", user)).isEqualTo(429);
    }

    @Override
    public void close() {
        context.close();
    }
}
