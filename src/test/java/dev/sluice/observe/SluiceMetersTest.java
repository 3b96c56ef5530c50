package dev.sluice.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The meters: documented, and bounded in number.
class SluiceMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void documentation_listsEachMeter() throws Exception {
        String page = Files.readString(Path.of("docs/observability.md"));
        for (SluiceMeters meter : SluiceMeters.values()) {
            String tags =
                    Arrays.stream(meter.getKeyNames())
                            .map(KeyName::asString)
                            .map(name -> "`" + name + "`")
                            .collect(Collectors.joining(", "));
            assertThat(page)
                    .contains(
                            "| `%s` | %s | %s | %s |"
                                    .formatted(
                                            meter.getName(),
                                            meter.getType().name().toLowerCase(Locale.ROOT),
                                            tags,
                                            meter.description()));
        }
    }

    @Test
    void rulesBeyondTheBound_shareTheirSeries() {
        RequestMeters meters = new RequestMeters(registry, 2);
        for (int i = 0; i < 100; i++) {
            meters.of("rule" + i).record(200, 1);
        }
        assertThat(registry.find("sluice.requests").timers())
                .extracting(timer -> timer.getId().getTag("rule"))
                .containsExactlyInAnyOrder("rule0", "rule1", "other");
        assertThat(registry.get("sluice.requests").tag("rule", "other").timer().count())
                .isEqualTo(98);
        meters.remove("rule0");
        meters.of("rule7").record(503, 1);
        assertThat(registry.find("sluice.requests").tag("rule", "rule0").timers()).isEmpty();
        assertThat(
                        registry.get("sluice.requests")
                                .tags("rule", "rule7", "status", "5xx")
                                .timer()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void backendsBeyondTheBound_areSummedUp() {
        UpstreamMeters meters = new UpstreamMeters(registry, 2);
        for (int i = 0; i < 10; i++) {
            meters.add("backend" + i, new Three());
        }
        assertThat(registry.find("sluice.upstream.connections").gauges()).hasSize(3);
        assertThat(
                        registry.get("sluice.upstream.connections")
                                .tag("upstream", "other")
                                .gauge()
                                .value())
                .isEqualTo(24);
        meters.remove("backend0");
        meters.remove("backend5");
        assertThat(registry.find("sluice.upstream.waiting").gauges()).hasSize(2);
        assertThat(
                        registry.get("sluice.upstream.requests")
                                .tag("upstream", "other")
                                .gauge()
                                .value())
                .isEqualTo(21);
    }

    @Test
    void ejections_areCountedByBackend_andGoWithIt() {
        UpstreamMeters meters = new UpstreamMeters(registry, 1);
        meters.add("first", new Three());
        meters.add("second", new Three());
        meters.add("third", new Three());
        meters.ejected("first", "connect", true);
        meters.ejected("first", "connect", true);
        meters.ejected("second", "connect", true);
        meters.ejected("third", "connect", true);
        assertThat(registry.find("sluice.upstream.ejections").counters())
                .extracting(counter -> counter.getId().getTag("upstream") + counter.count())
                .containsExactlyInAnyOrder("first2.0", "other2.0");
        meters.remove("first");
        assertThat(registry.find("sluice.upstream.ejections").tag("upstream", "first").counters())
                .isEmpty();
    }

    private record Three() implements UpstreamMeters.Pools {
        @Override
        public int connections() {
            return 3;
        }

        @Override
        public int requests() {
            return 3;
        }

        @Override
        public int waiting() {
            return 3;
        }

        @Override
        public int avoided() {
            return 3;
        }
    }
}
