package dev.sluice.app;

import dev.sluice.control.ControlLoop;
import dev.sluice.listener.Listeners;
import org.springframework.context.SmartLifecycle;

/// Starts the gateway after all else, and ends it before: it stops accepting and lets requests in
/// flight end while everything they need is still there.
final class GatewayLifecycle implements SmartLifecycle {

    private final ControlLoop loop;
    private final Listeners listeners;
    private volatile boolean running;

    GatewayLifecycle(ControlLoop loop, Listeners listeners) {
        this.loop = loop;
        this.listeners = listeners;
    }

    @Override
    public void start() {
        loop.start();
        running = true;
    }

    @Override
    public void stop() {
        loop.close();
        listeners.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }
}
