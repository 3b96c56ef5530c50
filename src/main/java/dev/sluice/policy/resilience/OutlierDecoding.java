package dev.sluice.policy.resilience;

import dev.sluice.ir.OutlierDetection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decodes section `outlier`.
final class OutlierDecoding {

    private static final int CONNECT = 1;
    private static final int GATEWAY_5XX = 5;
    private static final int PERCENT = 50;
    private static final Duration BASE = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(30);
    private static final Duration REPROBE = Duration.ofMillis(250);
    private static final Duration LEAST_REPROBE = Duration.ofMillis(10);

    private OutlierDecoding() {}

    record OutlierDetectionSpec(
            @Nullable ConsecutiveSpec consecutive,
            @Nullable String baseEjection,
            @Nullable String maxEjection,
            @Nullable Integer maxEjectedPercent,
            @Nullable ReprobeSpec reprobe) {}

    record ConsecutiveSpec(@Nullable Integer connect, @Nullable Integer gateway5xx) {}

    record ReprobeSpec(@Nullable String interval) {}

    static OutlierDetection decode(OutlierDetectionSpec outlierDetectionSpec) {
        ConsecutiveSpec inRow = outlierDetectionSpec.consecutive();
        int connect = inRow == null || inRow.connect() == null ? CONNECT : inRow.connect();
        int gateway5xx =
                inRow == null || inRow.gateway5xx() == null ? GATEWAY_5XX : inRow.gateway5xx();
        if (connect == 0 && gateway5xx == 0) {
            throw new IllegalArgumentException(
                    ".consecutive: connect and gateway5xx are 0, so that nothing is looked at");
        }
        Duration base = duration(outlierDetectionSpec.baseEjection(), BASE, ".baseEjection");
        Duration usualMax = base.compareTo(MAX) > 0 ? base : MAX;
        Duration max = duration(outlierDetectionSpec.maxEjection(), usualMax, ".maxEjection");
        if (max.compareTo(base) < 0) {
            throw new IllegalArgumentException(
                    ".maxEjection: \""
                            + outlierDetectionSpec.maxEjection()
                            + "\" is shorter than baseEjection");
        }
        return new OutlierDetection(
                connect,
                gateway5xx,
                base,
                max,
                outlierDetectionSpec.maxEjectedPercent() == null
                        ? PERCENT
                        : outlierDetectionSpec.maxEjectedPercent(),
                reprobe(outlierDetectionSpec.reprobe()));
    }

    private static Duration reprobe(@Nullable ReprobeSpec written) {
        String interval = written == null ? null : written.interval();
        Duration reprobe = duration(interval, REPROBE, ".reprobe.interval");
        if (reprobe.compareTo(LEAST_REPROBE) < 0) {
            throw new IllegalArgumentException(
                    ".reprobe.interval: \"" + interval + "\" is under 10ms");
        }
        return reprobe;
    }

    private static Duration duration(@Nullable String written, Duration usual, String field) {
        return written == null ? usual : CircuitDecoding.atMostAnHour(written, field);
    }
}
