package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Guards what was won (`make guard`): bytes that an operation allocates, which no machine changes,
/// and times as ratios within one run. Not part of `make test`: it takes a minute.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenchmarkGuard {

    /// Nanoseconds and bytes of one operation.
    private record Cost(double nanos, double bytes) {}

    private final Map<String, Cost> costs = new TreeMap<>();

    @BeforeAll
    void measure() throws RunnerException {
        run(RequestBenchmark.class, "", "");
        run(RouteTableBenchmark.class, "find|request", "1,10000");
        run(LiveChangeBenchmark.class, "", "1000");
        costs.forEach((name, cost) -> System.out.printf("%-50s %s%n", name, cost));
    }

    private void run(Class<?> benchmark, String methods, String counts) throws RunnerException {
        var options =
                new OptionsBuilder()
                        .include(benchmark.getName() + "\\.(" + methods + ")")
                        .addProfiler(GCProfiler.class)
                        .forks(1)
                        // Not those of tests, where each buffer is tracked.
                        .jvmArgs(
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dio.netty.leakDetection.level=disabled")
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true);
        if (!counts.isEmpty()) {
            options.param(
                    benchmark == LiveChangeBenchmark.class ? "routes" : "count", counts.split(","));
        }
        if (benchmark == RouteTableBenchmark.class) {
            options.param("shape", "HOSTS_AND_PATHS").param("position", "last");
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            String count = result.getParams().getParam("count");
            String name = result.getPrimaryResult().getLabel() + (count == null ? "" : count);
            double bytes =
                    Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                            .getScore();
            costs.put(name, new Cost(result.getPrimaryResult().getScore(), bytes));
        }
    }

    private Cost cost(String name) {
        Cost cost = costs.get(name);
        assertThat(cost).as(name + " of " + costs.keySet()).isNotNull();
        return cost;
    }

    private double ratio(String one, String other) {
        return cost(one).nanos() / cost(other).nanos();
    }

    @Test
    void costs_stayWithinBounds() {
        SoftAssertions softly = new SoftAssertions();
        softly.assertThat(cost("engine").bytes()).as("bytes of a request").isLessThan(2048);
        softly.assertThat(ratio("engine", "nettyCodec")).as("of Netty's codec").isLessThan(2.2);
        softly.assertThat(ratio("find10000", "find1")).as("10,000 routes to 1").isLessThan(2.5);
        softly.assertThat(cost("find10000").bytes() - cost("request10000").bytes())
                .as("bytes of a search")
                .isLessThan(64);
        softly.assertThat(ratio("change", "scratch")).as("a change to all").isLessThan(0.25);
        softly.assertAll();
    }
}
