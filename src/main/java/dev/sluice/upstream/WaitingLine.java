package dev.sluice.upstream;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests of one event loop that wait for a connection to one endpoint, the first come first. The
/// line is bounded in length and in time.
final class WaitingLine {

    private static final Barrier.Owner OWNER = Barrier.only("pool");

    private record Waiting(StreamRequest request, long since) {}

    private final ArrayDeque<Waiting> line = new ArrayDeque<>();
    private final Dialer dialer;
    private final PoolCount count;
    private boolean watched;

    WaitingLine(Dialer dialer, PoolCount count) {
        this.dialer = dialer;
        this.count = count;
    }

    boolean isEmpty() {
        return line.isEmpty();
    }

    /// Whether anybody waits who has not lost interest.
    boolean isWanted() {
        for (Waiting one : line) {
            if (!one.request().isCancelled()) {
                return true;
            }
        }
        return false;
    }

    /// Whether one more may wait.
    boolean hasRoom() {
        if (line.size() >= dialer.settings().maxPending()) {
            int before = line.size();
            line.removeIf(waiting -> waiting.request().isCancelled());
            count.waiting(line.size() - before);
        }
        return line.size() < dialer.settings().maxPending();
    }

    /// Lets a request wait; refuses it when the line is full.
    ///
    /// @return whether it waits
    boolean add(StreamRequest request) {
        if (!hasRoom()) {
            request.onRefused(Failure.OVERLOADED);
            return false;
        }
        line.addLast(new Waiting(request, System.nanoTime()));
        count.waiting(1);
        watch(dialer.settings().pendingTimeout().toNanos());
        return true;
    }

    /// The next whose caller still wants it; null when nobody waits.
    @Nullable StreamRequest next() {
        Waiting next = poll();
        while (next != null && next.request().isCancelled()) {
            next = poll();
        }
        return next == null ? null : next.request();
    }

    private @Nullable Waiting poll() {
        Waiting first = line.pollFirst();
        if (first != null) {
            count.waiting(-1);
        }
        return first;
    }

    /// Refuses all that wait now.
    void refuse(Failure failure) {
        List<Waiting> refused = new ArrayList<>(line);
        line.clear();
        count.waiting(-refused.size());
        refused.forEach(waiting -> waiting.request().onRefused(failure));
    }

    private void watch(long nanos) {
        if (!watched) {
            watched = true;
            var _ = Barrier.schedule(dialer.worker().loop(), OWNER, this::expire, nanos);
        }
    }

    private void expire() {
        watched = false;
        long limit = dialer.settings().pendingTimeout().toNanos();
        long now = System.nanoTime();
        Waiting first = line.peekFirst();
        while (first != null && now - first.since() >= limit) {
            poll();
            if (!first.request().isCancelled()) {
                first.request().onRefused(Failure.OVERLOADED);
            }
            first = line.peekFirst();
        }
        if (first != null) {
            watch(limit - (now - first.since()));
        }
    }
}
