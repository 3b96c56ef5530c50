package dev.sluice.policy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.PolicyCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The bounds of series of labels.
class LabelSeriesTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LabelSeries series = new LabelSeries(meters, 8);

    /// They live as long as somebody holds them.
    private final List<PolicyCounter> held = new ArrayList<>();

    private void count(String policy, int values) {
        for (int i = 0; i < values; i++) {
            PolicyCounter counter = series.of(policy, "plan", "p" + i);
            counter.increment();
            held.add(counter);
        }
    }

    private int of(String policy) {
        return meters.find("sluice.requests.labelled")
                .tag("policy", "TelemetryPolicy " + policy)
                .counters()
                .size();
    }

    @Test
    void namespace_takesAQuarterAtMost_byAllItsPolicies() {
        count("greedy/one", 1);
        count("greedy/two", 100);
        count("other/one", 2);
        assertThat(of("greedy/one")).isEqualTo(1);
        assertThat(of("greedy/two")).isEqualTo(1);
        assertThat(of("other/one")).isEqualTo(2);
        assertThat(held).hasSize(103);
    }

    @Test
    void allNamespaces_takeNoMoreThanThereIs() {
        for (int i = 0; i < 9; i++) {
            count("team-" + i + "/one", 2);
        }
        assertThat(meters.find("sluice.requests.labelled").counters()).hasSize(8);
        assertThat(held).hasSize(18);
    }
}
