package dev.sluice.upstream;

import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.upstream.Workers.Worker;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicInteger;

/// The connections to one endpoint: a pool for each event loop, touched by that loop only.
public final class EndpointPool {

    private final Endpoint endpoint;
    private final Workers workers;
    private final LoopPool[] pools;
    private final AtomicInteger open = new AtomicInteger();

    EndpointPool(Endpoint endpoint, Transport transport, Connector connector) {
        this.endpoint = endpoint;
        this.workers = connector.workers();
        this.pools = new LoopPool[workers.all().size()];
        for (Worker worker : workers.all()) {
            Dialer dialer = new Dialer(connector, worker, endpoint, transport);
            pools[worker.index()] =
                    switch (transport.protocol()) {
                        case HTTP1 -> new Http1Pool(dialer, open);
                        case HTTP2 -> new Http2Pool(dialer, open);
                    };
        }
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /// Requests that are open now, on all event loops.
    int open() {
        return open.get();
    }

    /// Sends a request on a connection at hand, a new one, or the next that becomes free. Called on
    /// one of our event loops.
    public void open(EventLoop loop, StreamRequest request) {
        pools[workers.of(loop).index()].open(request);
    }

    /// Closes idle connections now and the others when they become idle.
    void close() {
        for (Worker worker : workers.all()) {
            worker.loop().execute(pools[worker.index()]::close);
        }
    }
}
