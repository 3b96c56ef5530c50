package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.source.kubernetes.api.ApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A watch of a kind that nothing happens to.
class QuietWatchTest {

    private static final String ROUTES = "/apis/gateway.networking.k8s.io/v1/httproutes";

    @Test
    void quietWatch_endsWell() throws IOException {
        try (FakeApiServer fake = new FakeApiServer()) {
            fake.silent = true;
            ApiServer server =
                    new ApiServer(fake.client(), Duration.ofSeconds(10), Duration.ofMillis(300));
            AtomicInteger opened = new AtomicInteger();
            List<Object> events = new ArrayList<>();
            int code =
                    server.watch(
                            ROUTES + "?allowWatchBookmarks=true&watch=true&resourceVersion=100",
                            ApiServer.JSON_TYPE,
                            opened::incrementAndGet,
                            events::add);
            assertThat(code).isEqualTo(200);
            assertThat(opened).hasValue(1);
            assertThat(events).isEmpty();
        }
    }
}
