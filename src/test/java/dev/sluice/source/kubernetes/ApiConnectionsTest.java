package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.source.kubernetes.api.ApiConnections;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiConnectionsTest {

    @Test
    void connection_hasSoManyWatches_andEndsWithTheLast() {
        try (FakeApiServer server = new FakeApiServer();
                ApiConnections connections = new ApiConnections(server.client())) {
            List<ApiConnections.ApiConnection> taken = new ArrayList<>();
            for (int i = 0; i < 2 * ApiConnections.MOST_WATCHES; i++) {
                taken.add(connections.take());
            }
            assertThat(connections.size()).isEqualTo(2);
            assertThat(connections.take()).isNotIn(taken);
            assertThat(connections.size()).isEqualTo(3);
            ApiConnections.ApiConnection first = taken.getFirst();
            taken.stream().filter(each -> each == first).forEach(connections::release);
            assertThat(connections.size()).isEqualTo(2);
        }
    }
}
