package dev.sluice.upstream.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ir.OutlierDetection;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.net.Workers;
import dev.sluice.upstream.pool.ConnectionSettings;
import dev.sluice.upstream.pool.Connector;
import dev.sluice.upstream.pool.PoolSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How long ejections last, in virtual time.
class OutlierStateTest {

    private static final OutlierDetection SECTION =
            new OutlierDetection(
                    1,
                    0,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    50,
                    Duration.ofMillis(250));

    private final Workers workers = new Workers(1);
    private final Connector connector = new Connector(workers, PoolSettings.DEFAULT);

    private static final HealthListener NOBODY =
            new HealthListener() {
                @Override
                public void healthChanged() {}

                @Override
                public void recovered(Endpoint endpoint) {}

                @Override
                public void ejected(EjectionCause cause, boolean enforced) {}
            };

    @AfterEach
    void close() {
        workers.close();
    }

    private OutlierState outlier() {
        HealthContext context =
                new HealthContext("one", connector, new ConnectionSettings(connector), NOBODY);
        return new OutlierState(
                new Endpoint("127.0.0.1", 1),
                new OutlierDetector(new Upstream.Attached<>(SECTION, true), context));
    }

    @Test
    void ejections_thatFollowEachOther_lastTwiceAsLong_upToTheLongest() {
        OutlierState outlierState = outlier();
        long now = 7;
        for (int seconds : List.of(1, 2, 4, 8, 16, 30, 30, 30)) {
            Duration time = outlierState.eject(now);
            assertThat(time).isEqualTo(Duration.ofSeconds(seconds));
            now += time.toNanos();
            outlierState.comeBack(now);
            now += Duration.ofSeconds(29).toNanos();
        }
    }

    @Test
    void ejection_longAfterTheLast_isShortAgain() {
        OutlierState outlierState = outlier();
        outlierState.eject(7);
        outlierState.comeBack(Duration.ofSeconds(1).toNanos());
        assertThat(outlierState.eject(Duration.ofSeconds(2).toNanos()))
                .isEqualTo(Duration.ofSeconds(2));
        outlierState.comeBack(Duration.ofSeconds(4).toNanos());
        assertThat(outlierState.eject(Duration.ofSeconds(40).toNanos()))
                .isEqualTo(Duration.ofSeconds(1));
    }
}
