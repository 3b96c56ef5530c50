package dev.sluice.upstream;

import dev.sluice.http.Failure;
import dev.sluice.upstream.pool.EndpointPool;
import dev.sluice.upstream.pool.SideRequest;
import dev.sluice.upstream.pool.StreamRequest;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// The endpoints of a cluster for one request of our own: another one is tried where one cannot be
/// reached. On one event loop.
public final class ClusterDestination implements SideRequest.Destination {

    private static final int MAX_TRIES = 3;

    private final Cluster cluster;
    private final EventLoop loop;
    private @Nullable EndpointPool endpoint;

    public ClusterDestination(Cluster cluster, EventLoop loop) {
        this.cluster = cluster;
        this.loop = loop;
    }

    @Override
    public @Nullable Failure open(StreamRequest request) {
        EndpointPool next = cluster.pick(endpoint, null);
        if (next == null) {
            return Failure.NO_ENDPOINTS;
        }
        endpoint = next;
        next.open(loop, request);
        return null;
    }

    @Override
    public boolean opensAgain(int tries) {
        return tries < MAX_TRIES;
    }

    /// A connection that was kept may have been closed meanwhile, which says nothing.
    @Override
    public boolean sendsAgain(Failure failure, boolean reused, int tries) {
        boolean stale = failure == Failure.RESET && reused || failure == Failure.UNPROCESSED;
        return stale && tries < MAX_TRIES;
    }

    @Override
    public void responded(int status) {
        if (endpoint != null) {
            endpoint.answered(status);
        }
    }
}
