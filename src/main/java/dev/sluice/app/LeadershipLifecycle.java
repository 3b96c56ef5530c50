package dev.sluice.app;

import dev.sluice.source.kubernetes.Leadership;
import dev.sluice.source.kubernetes.StatusWriter;
import org.springframework.context.SmartLifecycle;

/// Stands for leadership when all is served, and gives it up before anything else ends: a replica
/// that drains for a while is not to keep the others from writing.
final class LeadershipLifecycle implements SmartLifecycle {

    private final Leadership leadership;
    private final StatusWriter writer;
    private volatile boolean running;

    LeadershipLifecycle(Leadership leadership, StatusWriter writer) {
        this.leadership = leadership;
        this.writer = writer;
    }

    @Override
    public void start() {
        leadership.start(writer::ring);
        running = true;
    }

    @Override
    public void stop() {
        leadership.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
