package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 connections, each with one request at a time.
final class Http1Pool implements LoopPool {

    private final Dialer dialer;
    private final PoolStats stats;
    private final ArrayDeque<Http1ClientConnection> idle = new ArrayDeque<>();
    private final PendingRequests waiting;
    private final ClientShares shares = new ClientShares();
    private int connections;
    private @Nullable ScheduledFuture<?> sweep;
    private boolean closed;

    /// @param count of the endpoint
    Http1Pool(Dialer dialer, PoolStats count) {
        this.dialer = dialer;
        this.stats = count;
        this.waiting = new PendingRequests(dialer, count);
    }

    @Override
    public void open(StreamRequest request) {
        if (!mayTake(request)) {
            waiting.add(request);
            return;
        }
        Http1ClientConnection connection = request.isFresh() ? null : pollIdle();
        if (connection != null) {
            send(connection, request, true);
        } else if (connections < dialer.settings().maxConnections() || closeIdle()) {
            connect(request);
        } else {
            waiting.add(request);
        }
    }

    private boolean mayTake(StreamRequest request) {
        PoolSettings settings = dialer.settings();
        return shares.allows(request, settings.maxConnections(), settings.clientShare());
    }

    /// Makes place for a new connection; the old one is counted until its end is reported, in a
    /// moment.
    private boolean closeIdle() {
        Http1ClientConnection oldest = idle.pollFirst();
        if (oldest == null) {
            return false;
        }
        oldest.close();
        return true;
    }

    @Override
    public boolean hasRoom(StreamRequest request) {
        boolean place = connections < dialer.settings().maxConnections() || !idle.isEmpty();
        return place && mayTake(request) || waiting.hasRoom(request);
    }

    /// The connection that was used last, since it is the least likely to be closed soon.
    private @Nullable Http1ClientConnection pollIdle() {
        Http1ClientConnection connection = idle.pollLast();
        while (connection != null && !connection.isActive()) {
            // Closed a moment ago; its end has yet to be reported.
            connection = idle.pollLast();
        }
        return connection;
    }

    private void send(Http1ClientConnection connection, StreamRequest request, boolean reused) {
        stats.requests(1);
        shares.take(connection, request);
        connection.send(request, reused);
    }

    private void connect(StreamRequest request) {
        connections++;
        stats.connections(1);
        Http1ClientConnection connection = new Http1ClientConnection(this, dialer.settings());
        shares.take(connection, request);
        dialer.later(
                () -> dial(connection, request), failure -> failed(connection, request, failure));
    }

    private void dial(Http1ClientConnection connection, StreamRequest request) {
        if (request.isCancelled()) {
            uncount(connection);
            serveWaiting();
            return;
        }
        dialer.dial(
                connection,
                () -> {
                    connection.opened();
                    if (request.isCancelled()) {
                        free(connection);
                    } else {
                        send(connection, request, false);
                    }
                },
                failure -> failed(connection, request, failure));
    }

    private void failed(Http1ClientConnection connection, StreamRequest request, Failure failure) {
        uncount(connection);
        request.onRefused(failure);
        serveWaiting();
    }

    private void uncount(Http1ClientConnection connection) {
        shares.give(connection);
        connections--;
        stats.connections(-1);
    }

    /// A request is over, whatever its end.
    void done() {
        stats.requests(-1);
    }

    /// A connection may serve again.
    void free(Http1ClientConnection connection) {
        shares.give(connection);
        StreamRequest next = waiting.next(this::mayTake);
        if (next != null) {
            send(connection, next, true);
        } else if (closed) {
            connection.close();
        } else {
            connection.idleSince(System.nanoTime());
            idle.addLast(connection);
            sweepLater(dialer.settings().idleTimeout().toNanos());
        }
    }

    /// A connection that was opened is closed.
    void gone(Http1ClientConnection connection) {
        uncount(connection);
        idle.remove(connection);
        serveWaiting();
    }

    private void serveWaiting() {
        while (connections < dialer.settings().maxConnections()) {
            StreamRequest next = waiting.next(this::mayTake);
            if (next == null) {
                return;
            }
            connect(next);
        }
    }

    private void sweepLater(long nanos) {
        if (sweep == null) {
            sweep =
                    Barrier.schedule(
                            dialer.worker().loop(), Barrier.only("pool"), this::sweep, nanos);
        }
    }

    /// Closes what has been idle for too long; the oldest stands first.
    private void sweep() {
        sweep = null;
        long timeout = dialer.settings().idleTimeout().toNanos();
        long now = System.nanoTime();
        Http1ClientConnection oldest = idle.peekFirst();
        while (oldest != null && now - oldest.idleSince() >= timeout) {
            idle.pollFirst();
            oldest.close();
            oldest = idle.peekFirst();
        }
        if (oldest != null) {
            sweepLater(timeout - (now - oldest.idleSince()));
        }
    }

    @Override
    public void close() {
        closed = true;
        if (sweep != null) {
            sweep.cancel(false); // or it holds the pool for as long
            sweep = null;
        }
        for (Http1ClientConnection connection : new ArrayDeque<>(idle)) {
            connection.close();
        }
    }
}
