package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Connections whose bytes nobody looks at, each for one client: they are counted and bounded, and
/// serve nobody else.
final class TcpPool implements LoopPool {

    /// How long connections to an endpoint that is gone may go on: as long as Kubernetes lets a pod
    /// end (`terminationGracePeriodSeconds` by default).
    private static final long DRAIN_SECONDS = 30;

    private final Dialer dialer;
    private final PoolStats stats;
    private final Set<Channel> open = new HashSet<>();
    private int connections;

    TcpPool(Dialer dialer, PoolStats stats) {
        this.dialer = dialer;
        this.stats = stats;
    }

    void open(ConnectionRequest request) {
        if (connections >= dialer.settings().maxConnections()) {
            request.onRefused(Failure.OVERLOADED);
            return;
        }
        count(1);
        dialer.later(
                () -> dial(request),
                failure -> {
                    count(-1);
                    request.onRefused(failure);
                });
    }

    private void dial(ConnectionRequest request) {
        Channel channel = dialer.dial(request.handler(), request::onOpen, request::onRefused);
        open.add(channel);
        Barrier.whenDone(
                channel.closeFuture(),
                request,
                _ -> {
                    open.remove(channel);
                    count(-1);
                });
    }

    private void count(int more) {
        connections += more;
        stats.connections(more);
        stats.requests(more);
    }

    @Override
    public void open(StreamRequest request) {
        request.onRefused(Failure.INTERNAL); // no request is sent by these connections
    }

    @Override
    public boolean hasRoom(StreamRequest request) {
        return false;
    }

    @Override
    public void close() {
        var _ =
                Barrier.schedule(
                        dialer.worker().loop(),
                        Barrier.only("pool"),
                        () -> Set.copyOf(open).forEach(Channel::close),
                        TimeUnit.SECONDS.toNanos(DRAIN_SECONDS));
    }
}
