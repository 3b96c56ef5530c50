package dev.sluice.upstream.pool;

import dev.sluice.http.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// HTTP/2 connections, each with many requests at a time. A further one is opened when the streams
/// that the backend allows on the others are in use.
final class Http2Pool implements LoopPool {

    private final Dialer dialer;
    private final PoolStats count;
    private final List<Http2ClientConnection> connections = new ArrayList<>();
    private final PendingRequests waiting;
    private boolean connecting;
    private boolean closed;

    /// @param count of the endpoint
    Http2Pool(Dialer dialer, PoolStats count) {
        this.dialer = dialer;
        this.count = count;
        this.waiting = new PendingRequests(dialer, count);
    }

    @Override
    public void open(StreamRequest request) {
        Http2ClientConnection connection = withRoom();
        if (connection != null) {
            send(connection, request, true);
        } else if (waiting.add(request)) {
            connect();
        }
    }

    @Override
    public boolean hasRoom(StreamRequest request) {
        return withRoom() != null || waiting.hasRoom(request);
    }

    private @Nullable Http2ClientConnection withRoom() {
        for (Http2ClientConnection connection : connections) {
            if (connection.hasRoom()) {
                return connection;
            }
        }
        return null;
    }

    private void send(Http2ClientConnection connection, StreamRequest request, boolean reused) {
        count.requests(1);
        connection.send(request, reused);
    }

    private void connect() {
        if (connecting || connections.size() >= dialer.settings().maxConnections()) {
            return;
        }
        connecting = true;
        dialer.later(this::dial, this::failed);
    }

    private void dial() {
        if (!waiting.isWanted()) {
            connecting = false;
            return;
        }
        Http2ClientConnection connection = new Http2ClientConnection(this, dialer.settings());
        dialer.dial(
                connection,
                () -> {
                    connecting = false;
                    connections.add(connection);
                    count.connections(1);
                    serveWaiting();
                    if (closed) {
                        connection.end();
                    } else {
                        connection.restUnlessUsed();
                    }
                },
                this::failed);
    }

    private void failed(Failure failure) {
        connecting = false;
        waiting.refuse(failure);
    }

    /// A stream is over: there is room for another.
    void done() {
        count.requests(-1);
        serveWaiting();
    }

    private void serveWaiting() {
        while (!waiting.isEmpty()) {
            Http2ClientConnection connection = withRoom();
            if (connection == null) {
                connect();
                return;
            }
            StreamRequest next = waiting.next();
            if (next != null) {
                send(connection, next, false);
            }
        }
    }

    /// A connection takes no new streams, or is closed.
    void gone(Http2ClientConnection connection) {
        if (connections.remove(connection)) {
            count.connections(-1);
            serveWaiting();
        }
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(connections).forEach(Http2ClientConnection::end);
    }
}
