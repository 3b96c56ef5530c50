package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.digest.Sha256;
import dev.sluice.http.Failure;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.net.Workers;
import dev.sluice.net.Workers.Worker;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// The connections to one endpoint: a pool for each event loop, touched by that loop only.
public final class EndpointPool {

    /// Bytes of a token: enough that no two endpoints of a cluster share one by chance.
    private static final int TOKEN_BYTES = 12;

    private final String upstream;
    private final Endpoint endpoint;
    private final String address;
    private final Workers workers;
    private final LoopPool[] pools;
    private final PoolStats stats = new PoolStats();
    private final EndpointListener listener;
    private volatile long newSince;
    private @Nullable String token;

    /// @param listener notified how connections and requests fare
    /// @param newSince see [#newSince()]
    public EndpointPool(
            String upstream,
            Endpoint endpoint,
            Transport transport,
            Connector connector,
            ConnectionSettings connectionSettings,
            EndpointListener listener,
            long newSince) {
        this.newSince = newSince;
        this.listener = listener;
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.address = endpoint.toString();
        this.workers = connector.workers();
        this.pools = new LoopPool[workers.all().size()];
        for (Worker worker : workers.all()) {
            Dialer dialer =
                    new Dialer(
                            connector, worker, endpoint, transport, connectionSettings, listener);
            pools[worker.index()] = pool(dialer, stats);
        }
    }

    /// The connections of one event loop.
    ///
    /// @param count notified of what is open
    public static LoopPool pool(Dialer dialer, PoolStats count) {
        return switch (dialer.transport().protocol()) {
            case HTTP1 -> new Http1Pool(dialer, count);
            case HTTP2 -> new Http2Pool(dialer, count);
            case TCP -> new TcpPool(dialer, count);
        };
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /// Address and port, as they are reported.
    public String address() {
        return address;
    }

    /// Stands for the endpoint where clients see it: reveals nothing of the address, and is the
    /// same in each replica.
    public String token() {
        String known = token;
        if (known == null) {
            known = Sha256.base64Url(upstream + "|" + endpoint, TOKEN_BYTES);
            token = known; // a race computes the same
        }
        return known;
    }

    /// When it came to others that were there already, or came back to them, as of
    /// [System#nanoTime()]; 0 when it was there from the beginning.
    public long newSince() {
        return newSince;
    }

    public void newSince(long now) {
        newSince = now | 1;
    }

    /// Whether somebody wants to know how requests end there.
    public boolean isWatched() {
        return listener.isActive();
    }

    /// A request that was sent there has been answered, if only by the head of the response.
    public void answered(int status) {
        listener.responded(status);
    }

    /// A request that was sent there gets no response.
    public void failed(Failure failure) {
        listener.failed(failure);
    }

    /// Requests that are open now, on all event loops.
    public int open() {
        return stats.requests();
    }

    /// Connections that are open now.
    public int connections() {
        return stats.connections();
    }

    /// Requests that wait for a connection now.
    public int waiting() {
        return stats.waiting();
    }

    /// Whether a request of one of our event loops would be taken now, if only to wait.
    public boolean hasRoom(EventLoop loop, StreamRequest request) {
        return pools[workers.of(loop).index()].hasRoom(request);
    }

    /// Sends a request on a connection at hand, a new one, or the next that becomes free. Called on
    /// one of our event loops.
    public void open(EventLoop loop, StreamRequest request) {
        pools[workers.of(loop).index()].open(new GuardedStreamRequest(request));
    }

    /// Opens a connection for one client. Called on one of our event loops, of an endpoint of TCP.
    public void open(EventLoop loop, ConnectionRequest request) {
        switch (pools[workers.of(loop).index()]) {
            case TcpPool tcp -> tcp.open(request);
            case Http1Pool _, Http2Pool _ -> throw new IllegalStateException(upstream);
        }
    }

    /// Closes idle connections now and the others when they become idle.
    public void close() {
        for (Worker worker : workers.all()) {
            Barrier.execute(worker.loop(), Barrier.only("pool"), pools[worker.index()]::close);
        }
    }
}
