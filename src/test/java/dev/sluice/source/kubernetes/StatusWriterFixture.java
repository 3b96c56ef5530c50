package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A StatusWriter between a source and an API server, each of its own for each test.
abstract class StatusWriterFixture {

    static final String GATEWAY = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways/gw";
    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration POLL = Duration.ofMillis(10);
    final FakeApiServer server = new FakeApiServer();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final UnexpectedErrors errors = new UnexpectedErrors(registry);
    final KubernetesSource source =
            new KubernetesSource(
                    server.client(),
                    "sluice.dev/gateway-controller",
                    null,
                    LONG,
                    Long.MAX_VALUE,
                    errors);
    final AtomicBoolean leading = new AtomicBoolean(true);
    final StatusWriter writer =
            new StatusWriter(source, "sluice.dev/gateway-controller", leading::get, null, errors);

    @BeforeEach
    void start() {
        server.put(GATEWAY, "{'spec': {'gatewayClassName': 'sluice'}}");
        source.start(_ -> {});
    }

    @AfterEach
    void close() {
        writer.close();
        source.close();
        server.close();
    }

    static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(LONG).pollInterval(POLL).until(condition::getAsBoolean);
    }

    List<String> events() {
        return server.below("/api/v1/namespaces/shop/events").stream()
                .map(event ->
                        event.at("/involvedObject/name").asString()
                                + ": "
                                + event.path("type").asString()
                                + " "
                                + event.path("reason").asString()
                                + " "
                                + event.path("message").asString())
                .sorted()
                .toList();
    }
}
