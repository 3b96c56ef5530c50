package dev.sluice.policy.resilience;

import dev.sluice.ir.OutlierDetection;
import dev.sluice.policy.SpecReader;
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

    static OutlierDetection read(SpecReader in) {
        OutlierDetectionSpec outlierDetectionSpec = in.read(OutlierDetectionSpec.class);
        ConsecutiveSpec inRow = outlierDetectionSpec.consecutive();
        int connect = inRow == null || inRow.connect() == null ? CONNECT : inRow.connect();
        int gateway5xx =
                inRow == null || inRow.gateway5xx() == null ? GATEWAY_5XX : inRow.gateway5xx();
        if (connect == 0 && gateway5xx == 0) {
            throw in.at("consecutive")
                    .error("connect and gateway5xx are 0, so that nothing is looked at");
        }
        Duration base =
                in.at("baseEjection").atMostAnHour(outlierDetectionSpec.baseEjection(), BASE);
        Duration usualMax = base.compareTo(MAX) > 0 ? base : MAX;
        Duration max =
                in.at("maxEjection").atMostAnHour(outlierDetectionSpec.maxEjection(), usualMax);
        if (max.compareTo(base) < 0) {
            throw in.at("maxEjection")
                    .error(
                            "\""
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
                reprobe(in.at("reprobe").at("interval"), outlierDetectionSpec.reprobe()));
    }

    private static Duration reprobe(SpecReader in, @Nullable ReprobeSpec written) {
        String interval = written == null ? null : written.interval();
        Duration reprobe = in.atMostAnHour(interval, REPROBE);
        if (reprobe.compareTo(LEAST_REPROBE) < 0) {
            throw in.error("\"" + interval + "\" is under 10ms");
        }
        return reprobe;
    }
}
