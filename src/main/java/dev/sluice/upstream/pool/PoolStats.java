package dev.sluice.upstream.pool;

import java.util.concurrent.atomic.AtomicInteger;

/// What is open to an endpoint, over the pools of all event loops.
public final class PoolStats {

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    void requests(int more) {
        requests.addAndGet(more);
    }

    void connections(int more) {
        connections.addAndGet(more);
    }

    void waiting(int more) {
        waiting.addAndGet(more);
    }

    int requests() {
        return requests.get();
    }

    int connections() {
        return connections.get();
    }

    int waiting() {
        return waiting.get();
    }
}
