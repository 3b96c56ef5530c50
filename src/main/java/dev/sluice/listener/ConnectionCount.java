package dev.sluice.listener;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// How many client connections are open, and how many may be.
public final class ConnectionCount {

    private volatile int most;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    ConnectionCount(int most) {
        this.most = most;
    }

    /// Connections that are open stay, also when they are more.
    void most(int next) {
        most = next;
    }

    /// Counts one more; false when there are too many.
    boolean accept() {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            rejected.increment();
            return false;
        }
        accepted.increment();
        return true;
    }

    void closed() {
        open.decrementAndGet();
    }

    /// Open now.
    public int open() {
        return open.get();
    }

    /// Accepted since the start.
    public long accepted() {
        return accepted.sum();
    }

    /// Closed at once since the start, because there were too many.
    public long rejected() {
        return rejected.sum();
    }
}
