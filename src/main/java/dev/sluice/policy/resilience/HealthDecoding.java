package dev.sluice.policy.resilience;

import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.HealthCheck.Probe;
import dev.sluice.policy.SpecReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decodes section `health`.
final class HealthDecoding {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(10);
    private static final int UNHEALTHY = 2;
    private static final int HEALTHY = 1;

    private HealthDecoding() {}

    record HealthCheckSpec(
            @Nullable HttpProbeSpec http,
            @Nullable Map<String, Object> tcp,
            @Nullable GrpcProbeSpec grpc,
            @Nullable String interval,
            @Nullable String timeout,
            @Nullable Integer unhealthy,
            @Nullable Integer healthy) {}

    record HttpProbeSpec(@Nullable String path, @Nullable List<Integer> statuses) {}

    record GrpcProbeSpec(@Nullable String service) {}

    static HealthCheck read(SpecReader in) {
        HealthCheckSpec healthCheckSpec = in.read(HealthCheckSpec.class);
        return new HealthCheck(
                probe(in, healthCheckSpec),
                interval(in.at("interval"), healthCheckSpec.interval()),
                in.at("timeout").atMostAnHour(healthCheckSpec.timeout(), TIMEOUT),
                healthCheckSpec.unhealthy() == null ? UNHEALTHY : healthCheckSpec.unhealthy(),
                healthCheckSpec.healthy() == null ? HEALTHY : healthCheckSpec.healthy());
    }

    private static Probe probe(SpecReader in, HealthCheckSpec healthCheckSpec) {
        List<Probe> all = new ArrayList<>();
        HttpProbeSpec http = healthCheckSpec.http();
        if (http != null) {
            List<Integer> statuses = http.statuses();
            all.add(
                    new Probe.Http(
                            http.path() == null ? "/" : http.path(),
                            statuses == null || statuses.isEmpty() ? List.of(200) : statuses));
        }
        if (healthCheckSpec.tcp() != null) {
            all.add(new Probe.Tcp());
        }
        GrpcProbeSpec grpc = healthCheckSpec.grpc();
        if (grpc != null) {
            all.add(new Probe.Grpc(grpc.service() == null ? "" : grpc.service()));
        }
        if (all.size() != 1) {
            throw in.error("exactly one of http, tcp and grpc must be set");
        }
        return all.get(0);
    }

    private static Duration interval(SpecReader in, @Nullable String written) {
        Duration interval = in.atMostAnHour(written, INTERVAL);
        if (interval.compareTo(LEAST_INTERVAL) < 0) {
            throw in.error("\"" + written + "\" is under 10ms");
        }
        return interval;
    }
}
