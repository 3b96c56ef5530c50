package dev.sluice.upstream;

import dev.sluice.http.Failure;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.upstream.Workers.Worker;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The connections to one endpoint: a pool for each event loop, touched by that loop only.
public final class EndpointPool {

    private final Endpoint endpoint;
    private final Connector connector;
    private final LoopPool[] pools;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;

    EndpointPool(Endpoint endpoint, Connector connector) {
        this.endpoint = endpoint;
        this.connector = connector;
        this.pools = new LoopPool[connector.workers().all().size()];
        for (Worker worker : connector.workers().all()) {
            pools[worker.index()] = new LoopPool(worker);
        }
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /// Requests that are open now, on all event loops.
    int open() {
        return open.get();
    }

    /// Sends a request on an idle connection, a new one, or the next that becomes free. Called on
    /// one of our event loops.
    public void open(EventLoop loop, StreamRequest request) {
        pools[connector.workers().of(loop).index()].open(request);
    }

    /// Closes idle connections now and the others when they become idle.
    void close() {
        closed = true;
        for (LoopPool pool : pools) {
            pool.worker.loop().execute(pool::closeIdle);
        }
    }

    /// The connections of one event loop.
    final class LoopPool {
        private final Worker worker;
        private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
        private final ArrayDeque<StreamRequest> waiting = new ArrayDeque<>();
        private int connections;
        private boolean sweeping;

        LoopPool(Worker worker) {
            this.worker = worker;
        }

        void open(StreamRequest request) {
            Http1Connection connection = request.isFresh() ? null : pollIdle();
            if (connection != null) {
                send(connection, request, true);
            } else if (connections < connector.settings().maxConnections()) {
                connect(request);
            } else if (waiting.size() < connector.settings().maxPending()) {
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
            Http1Connection connection = new Http1Connection(this, connector.settings().limits());
            connector
                    .connect(worker, endpoint, connection)
                    .addListener(future -> connected((ChannelFuture) future, connection, request));
        }

        private void connected(
                ChannelFuture future, Http1Connection connection, StreamRequest request) {
            if (!future.isSuccess()) {
                connections--;
                request.onRefused(
                        future.cause() instanceof ConnectTimeoutException
                                ? Failure.CONNECT_TIMEOUT
                                : Failure.REFUSED);
                serveWaiting();
            } else if (request.isCancelled()) {
                free(connection);
            } else {
                send(connection, request, false);
            }
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
                sweepLater(connector.settings().idleTimeout().toNanos());
            }
        }

        /// A connection is closed.
        void gone(Http1Connection connection) {
            connections--;
            idle.remove(connection);
            serveWaiting();
        }

        private void serveWaiting() {
            while (connections < connector.settings().maxConnections()) {
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
                var _ = worker.loop().schedule(this::sweep, nanos, TimeUnit.NANOSECONDS);
            }
        }

        /// Closes what has been idle for too long; the oldest stands first.
        private void sweep() {
            sweeping = false;
            long timeout = connector.settings().idleTimeout().toNanos();
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

        private void closeIdle() {
            for (Http1Connection connection : new ArrayDeque<>(idle)) {
                connection.close();
            }
        }
    }
}
