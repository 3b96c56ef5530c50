package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.net.Workers.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens connections of one event loop to one endpoint, TLS included.
///
/// @param connector opens the socket
/// @param worker whose event loop serves the connection
/// @param endpoint where to
/// @param transport what is spoken
/// @param connectionSettings the settings
/// @param listener notified whether connections can be opened
public record Dialer(
        Connector connector,
        Worker worker,
        Endpoint endpoint,
        Transport transport,
        ConnectionSettings connectionSettings,
        EndpointListener listener) {

    PoolSettings settings() {
        return connectionSettings.settings();
    }

    /// Runs a task that dials, when what is being read has been read: until then a caller may lose
    /// interest. And the socket of a connection that is closed meanwhile has its number for itself:
    /// a new one would get it, and with it the event by which the system tells the end of the old.
    ///
    /// @param failed called when it fails in a way that nobody expected
    void later(Runnable dial, Consumer<Failure> failed) {
        Barrier.execute(
                worker.loop(), Barrier.ending("dial", () -> failed.accept(Failure.INTERNAL)), dial);
    }

    /// Opens a connection whose frames the handler reads. Exactly one of the two is called, on the
    /// event loop.
    ///
    /// @return the channel of it
    public Channel dial(ChannelHandler handler, Runnable opened, Consumer<Failure> failed) {
        ChannelFuture connect =
                connector.connect(
                        worker, endpoint, transport, settings().connectTimeout(), handler);
        Barrier.Owner owner = Barrier.closing("dial", connect.channel());
        Barrier.whenDone(
                connect,
                owner,
                future -> {
                    if (!future.isSuccess()) {
                        refuse(failure(future.cause()), failed);
                        return;
                    }
                    SslHandler tls = future.channel().pipeline().get(SslHandler.class);
                    if (tls == null) {
                        take(opened);
                    } else {
                        Barrier.whenDone(
                                tls.handshakeFuture(),
                                owner,
                                handshake -> shaken(handshake.getNow(), opened, failed));
                    }
                });
        return connect.channel();
    }

    private void shaken(@Nullable Channel secured, Runnable opened, Consumer<Failure> failed) {
        if (secured != null) {
            take(opened);
        } else {
            refuse(Failure.TLS_FAILED, failed);
        }
    }

    private void take(Runnable opened) {
        listener.connected();
        opened.run();
    }

    private void refuse(Failure failure, Consumer<Failure> failed) {
        listener.connectFailed();
        failed.accept(failure);
    }

    private static Failure failure(Throwable cause) {
        return cause instanceof ConnectTimeoutException ? Failure.CONNECT_TIMEOUT : Failure.REFUSED;
    }
}
