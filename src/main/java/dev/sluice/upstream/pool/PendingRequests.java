package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Requests of one event loop that wait for a connection to one endpoint, the first come first. The
/// line is bounded in length and in time.
final class PendingRequests {

    private static final Barrier.Owner OWNER = Barrier.only("pool");

    private record Waiting(StreamRequest request, long since) {}

    private final ArrayDeque<Waiting> line = new ArrayDeque<>();
    private final ClientShares shares = new ClientShares();
    private final Dialer dialer;
    private final PoolStats stats;
    private boolean watched;

    PendingRequests(Dialer dialer, PoolStats count) {
        this.dialer = dialer;
        this.stats = count;
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

    /// Whether a request may wait, too.
    boolean hasRoom(StreamRequest request) {
        if (line.size() >= dialer.settings().maxPending()) {
            int before = line.size();
            line.removeIf(waiting -> waiting.request().isCancelled() && left(waiting));
            stats.waiting(line.size() - before);
        }
        PoolSettings settings = dialer.settings();
        return line.size() < settings.maxPending()
                && shares.allows(request, settings.maxPending(), settings.clientShare());
    }

    /// Lets a request wait; refuses it when the line is full.
    ///
    /// @return whether it waits
    boolean add(StreamRequest request) {
        if (!hasRoom(request)) {
            request.onRefused(Failure.OVERLOADED);
            return false;
        }
        Waiting place = new Waiting(request, System.nanoTime());
        line.addLast(place);
        shares.take(place, request);
        stats.waiting(1);
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

    /// The next that may go on, and whose caller still wants it; null when there is none. Who may
    /// not, since its client holds its share, keeps its place. Clients are asked about once.
    @Nullable StreamRequest next(Predicate<StreamRequest> may) {
        Set<String> not = new HashSet<>();
        Iterator<Waiting> all = line.iterator();
        while (all.hasNext()) {
            Waiting place = all.next();
            StreamRequest request = place.request();
            String client = request.client();
            boolean passedOver = client != null && not.contains(client);
            if (request.isCancelled() || !passedOver && may.test(request)) {
                all.remove();
                left(place);
                stats.waiting(-1);
                if (!request.isCancelled()) {
                    return request;
                }
            } else if (client != null) {
                not.add(client);
            }
        }
        return null;
    }

    private @Nullable Waiting poll() {
        Waiting first = line.pollFirst();
        if (first != null) {
            left(first);
            stats.waiting(-1);
        }
        return first;
    }

    private boolean left(Waiting place) {
        shares.give(place);
        return true;
    }

    /// Refuses all that wait now.
    void refuse(Failure failure) {
        List<Waiting> refused = new ArrayList<>(line);
        line.clear();
        refused.forEach(this::left);
        stats.waiting(-refused.size());
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
