package dev.sluice.upstream;

import dev.sluice.http.Failure;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.upstream.Workers.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;

/// Opens connections of one event loop to one endpoint, TLS included.
///
/// @param connector opens the socket
/// @param worker whose event loop serves the connection
/// @param endpoint where to
/// @param transport what is spoken
record Dialer(Connector connector, Worker worker, Endpoint endpoint, Transport transport) {

    UpstreamSettings settings() {
        return connector.settings();
    }

    /// Opens a connection whose frames the handler reads. Exactly one of the two is called, on the
    /// event loop.
    void dial(ChannelHandler handler, Runnable opened, Consumer<Failure> failed) {
        connector
                .connect(worker, endpoint, transport, handler)
                .addListener(future -> {
                    if (!future.isSuccess()) {
                        failed.accept(failure(future.cause()));
                        return;
                    }
                    SslHandler tls =
                            ((ChannelFuture) future).channel().pipeline().get(SslHandler.class);
                    if (tls == null) {
                        opened.run();
                    } else {
                        tls.handshakeFuture()
                                .addListener(handshake ->
                                        shaken((Channel) handshake.getNow(), opened, failed));
                    }
                });
    }

    private static void shaken(Channel secured, Runnable opened, Consumer<Failure> failed) {
        if (secured != null) {
            opened.run();
        } else {
            failed.accept(Failure.TLS_FAILED);
        }
    }

    private static Failure failure(Throwable cause) {
        return cause instanceof ConnectTimeoutException ? Failure.CONNECT_TIMEOUT : Failure.REFUSED;
    }
}
