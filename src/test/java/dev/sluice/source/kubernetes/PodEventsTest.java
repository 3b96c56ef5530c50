package dev.sluice.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.source.kubernetes.event.PodEvents;
import org.junit.jupiter.api.Test;

/// What operators see at a pod.
class PodEventsTest {

    @Test
    void warning_isAnEventOfThePod() {
        try (FakeApiServer server = new FakeApiServer()) {
            new PodEvents(server.client(), "ns", "sluice-1", "uid-1")
                    .warn("SettingsRejected", "x".repeat(2000));
            assertThat(server.below("/api/v1/namespaces/ns/events"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.path("kind").asString()).isEqualTo("Event");
                        assertThat(event.at("/involvedObject/uid").asString()).isEqualTo("uid-1");
                        assertThat(event.path("reason").asString()).isEqualTo("SettingsRejected");
                        assertThat(event.path("message").asString()).hasSize(1024);
                    });
        }
    }
}
