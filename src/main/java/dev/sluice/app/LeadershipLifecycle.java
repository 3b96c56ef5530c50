package dev.sluice.app;

import dev.sluice.control.ControlLoop;
import dev.sluice.source.kubernetes.Leadership;
import dev.sluice.source.kubernetes.StatusWriter;
import org.springframework.context.SmartLifecycle;

/// Stands for leadership when all is served, and gives it up before anything else ends: a replica
/// that drains for a while is not to keep the others from writing.
final class LeadershipLifecycle implements SmartLifecycle {

    private final ControlLoop loop;
    private final Leadership leadership;
    private final StatusWriter writer;
    private volatile boolean running;

    LeadershipLifecycle(Leadership leadership, StatusWriter writer, ControlLoop loop) {
        this.loop = loop;
        this.leadership = leadership;
        this.writer = writer;
    }

    @Override
    public void start() {
        leadership.start(writer::ring, () -> loop.applied().generation() > 0);
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
