package dev.sluice.policy.ratelimit;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A request that waits for tokens of one lease.
final class Waiter {

    /// In place of an answer: there is none.
    private static final Object NONE = new Object();

    private final Listener listener;
    private final int index;
    private final Lease lease;
    private final long cost;
    private final AtomicReference<@Nullable Object> answer = new AtomicReference<>();

    /// Notified once, by any thread.
    interface Listener {
        void answered();
    }

    /// @param index of the limit in the tally
    Waiter(Listener listener, int index, Lease lease, long cost) {
        this.listener = listener;
        this.index = index;
        this.lease = lease;
        this.cost = cost;
    }

    int index() {
        return index;
    }

    Lease lease() {
        return lease;
    }

    long cost() {
        return cost;
    }

    void enqueue() {
        lease.enqueue(this);
    }

    /// Whether it still waits.
    boolean isWaiting() {
        return answer.get() == null;
    }

    /// @return false when it waits no more, and takes nothing
    boolean answer(Decision decision) {
        return answer((Object) decision);
    }

    private boolean answer(Object what) {
        boolean first = answer.compareAndSet(null, what);
        if (first) {
            listener.answered();
        }
        return first;
    }

    /// There will be no answer.
    void fail() {
        answer(NONE);
    }

    /// The time is over.
    void giveUp() {
        if (answer.compareAndSet(null, NONE)) {
            lease.missed();
        }
    }

    /// Null when there is none.
    @Nullable Decision answer() {
        return answer.get() instanceof Decision decision ? decision : null;
    }
}
