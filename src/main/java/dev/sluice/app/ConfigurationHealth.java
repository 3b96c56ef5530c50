package dev.sluice.app;

import dev.sluice.control.ControlLoop;
import dev.sluice.finding.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Whether there is a configuration to serve, on which readiness rests.
///
/// It is out of service before the first one, which is made from a complete first read of every
/// kind, and never again after that: a configuration that cannot be published, a port that cannot
/// be bound, an object of anybody is a detail here. On one machine, where nobody else would find
/// out, a start at which not one port can be bound is none; nor is one at which a file cannot be
/// read, since nobody knows what it was to close.
final class ConfigurationHealth implements HealthIndicator {

    /// A turn that takes longer than this is reported.
    private static final Duration ALIVE = Duration.ofMinutes(1);

    /// Findings that are shown.
    private static final int MOST = 10;

    private final ControlLoop loop;
    private final boolean needsPort;

    /// @param needsPort whether at least one port has to have been bound
    ConfigurationHealth(ControlLoop loop, boolean needsPort) {
        this.loop = loop;
        this.needsPort = needsPort;
    }

    @Override
    public Health health() {
        ControlLoop.LoopState loopState = loop.state();
        long generation = loopState.applied().generation();
        boolean bound = !needsPort || loop.hasBound();
        Health.Builder health = generation > 0 && bound ? Health.up() : Health.outOfService();
        health.withDetail("generation", generation);
        if (!bound) {
            health.withDetail("ports", "none could be bound");
        }
        if (generation == 0) {
            List<String> why = loop.findings().stream().map(Finding::toString).limit(MOST).toList();
            if (!why.isEmpty()) {
                health.withDetail("findings", why);
            }
        }
        Throwable failure = loopState.failure();
        if (failure != null) {
            health.withDetail("failure", String.valueOf(failure));
        }
        Instant turn = loop.lastTurn();
        boolean alive = Duration.between(turn, Instant.now()).compareTo(ALIVE) < 0;
        return health.withDetail("loop", alive ? "alive" : "silent")
                .withDetail("lastTurn", turn.toString())
                .build();
    }
}
