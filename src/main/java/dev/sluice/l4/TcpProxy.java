package dev.sluice.l4;

import dev.sluice.http.Failure;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.IdleTimer;
import dev.sluice.net.Peers;
import dev.sluice.upstream.Cluster;
import dev.sluice.upstream.pool.ConnectionRequest;
import dev.sluice.upstream.pool.EndpointPool;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client's connection and the one to a backend that belongs to it. The backend is connected to
/// at once, since a server may speak first. While nothing has been sent, another endpoint takes the
/// place of one that refuses.
final class TcpProxy implements ConnectionRequest, RelayHandler.Pair {

    /// Endpoints that are tried for one connection.
    private static final int MOST_TRIES = 3;

    private final Channel client;
    private final ClientAddress address;
    private final Cluster cluster;
    private final Consumer<ConnectionFailure> refused;
    private final RelayHandler fromClient;
    private RelayHandler fromBackend = new RelayHandler(this);
    private @Nullable EndpointPool endpoint;
    private @Nullable IdleTimer idle;
    private int silentLooks;
    private int tries;
    private boolean ended;

    /// @param refused notified when no backend takes it
    TcpProxy(Channel client, Peers peers, Cluster cluster, Consumer<ConnectionFailure> refused) {
        this.refused = refused;
        this.client = client;
        this.address = new ClientAddress(peers.clientHost());
        this.cluster = cluster;
        this.fromClient = new RelayHandler(this);
    }

    void begin() {
        client.pipeline().addLast(fromClient);
        connect();
    }

    private void connect() {
        EndpointPool next = cluster.pick(endpoint, address);
        if (next == null) {
            refuse();
            return;
        }
        endpoint = next;
        tries++;
        next.open(client.eventLoop(), this);
    }

    @Override
    public ChannelHandler handler() {
        return fromBackend;
    }

    @Override
    public void onOpen() {
        if (ended) {
            fromBackend.close();
            return;
        }
        Duration limit = cluster.idle();
        IdleTimer timer = new IdleTimer(client.eventLoop(), this, limit, () -> look(limit));
        timer.begin();
        idle = timer;
        fromClient.relayTo(fromBackend);
        fromBackend.relayTo(fromClient);
    }

    @Override
    public void onRefused(Failure failure) {
        if (!ended && tries < Math.min(cluster.size(), MOST_TRIES)) {
            fromBackend = new RelayHandler(this);
            connect();
        } else {
            refuse();
        }
    }

    private void refuse() {
        if (!ended) {
            refused.accept(ConnectionFailure.NO_BACKEND);
        }
        end();
    }

    private void look(Duration limit) {
        boolean heard = fromClient.hasMoved();
        heard |= fromBackend.hasMoved();
        silentLooks = heard ? 0 : silentLooks + 1;
        if (idle != null && silentLooks >= idle.checks(limit)) {
            end();
        }
    }

    @Override
    public void onFinished() {
        if (fromClient.isFinished() && fromBackend.isFinished()) {
            end();
        }
    }

    /// Each ends when what was read of the other has been sent.
    @Override
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (idle != null) {
            idle.end();
        }
        fromClient.close();
        fromBackend.close();
    }

    @Override
    public String place() {
        return "tcp";
    }

    @Override
    public void onUnexpectedError(Throwable error) {
        end();
    }
}
