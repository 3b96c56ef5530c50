package dev.sluice.upstream;

import dev.sluice.http.Failure;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 connections, each with one request at a time.
final class Http1Pool implements LoopPool {

    private final Dialer dialer;
    private final AtomicInteger open;
    private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
    private final ArrayDeque<StreamRequest> waiting = new ArrayDeque<>();
    private int connections;
    private boolean sweeping;
    private boolean closed;

    /// @param open counts the endpoint's open requests
    Http1Pool(Dialer dialer, AtomicInteger open) {
        this.dialer = dialer;
        this.open = open;
    }

    @Override
    public void open(StreamRequest request) {
        Http1Connection connection = request.isFresh() ? null : pollIdle();
        if (connection != null) {
            send(connection, request, true);
        } else if (connections < dialer.settings().maxConnections()) {
            connect(request);
        } else if (waiting.size() < dialer.settings().maxPending()) {
            waiting.addLast(request);
        } else {
            request.onRefused(Failure.OVERLOADED);
        }
    }

    /// The connection that was used last, since it is the least likely to be closed soon.
    private @Nullable Http1Connection pollIdle() {
        Http1Connection connection = idle.pollLast();
        while (connection != null && !connection.isActive()) {
            // Closed a moment ago; its end has yet to be reported.
            connection = idle.pollLast();
        }
        return connection;
    }

    private void send(Http1Connection connection, StreamRequest request, boolean reused) {
        open.incrementAndGet();
        connection.send(request, reused);
    }

    private void connect(StreamRequest request) {
        connections++;
        Http1Connection connection = new Http1Connection(this, dialer.settings().limits());
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
                failure -> {
                    connections--;
                    request.onRefused(failure);
                    serveWaiting();
                });
    }

    /// A request is over, whatever its end.
    void done() {
        open.decrementAndGet();
    }

    /// A connection may serve again.
    void free(Http1Connection connection) {
        StreamRequest next = nextWaiting();
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
    void gone(Http1Connection connection) {
        connections--;
        idle.remove(connection);
        serveWaiting();
    }

    private void serveWaiting() {
        while (connections < dialer.settings().maxConnections()) {
            StreamRequest next = nextWaiting();
            if (next == null) {
                return;
            }
            connect(next);
        }
    }

    private @Nullable StreamRequest nextWaiting() {
        StreamRequest next = waiting.pollFirst();
        while (next != null && next.isCancelled()) {
            next = waiting.pollFirst();
        }
        return next;
    }

    private void sweepLater(long nanos) {
        if (!sweeping) {
            sweeping = true;
            var _ = dialer.worker().loop().schedule(this::sweep, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /// Closes what has been idle for too long; the oldest stands first.
    private void sweep() {
        sweeping = false;
        long timeout = dialer.settings().idleTimeout().toNanos();
        long now = System.nanoTime();
        Http1Connection oldest = idle.peekFirst();
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
        for (Http1Connection connection : new ArrayDeque<>(idle)) {
            connection.close();
        }
    }
}
