package dev.sluice.listener;

import dev.sluice.http.Connection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Promise;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// The first handler of a TLS connection: reads the server name, then lets the listener's context
/// terminate TLS. A name that no listener takes ends the handshake with an alert.
final class TlsFront extends SniHandler {

    private final BoundPort port;

    TlsFront(BoundPort port) {
        super((String name, Promise<SslContext> promise) -> select(port, name, promise));
        this.port = port;
    }

    private static Promise<SslContext> select(
            BoundPort port, @Nullable String name, Promise<SslContext> promise) {
        String lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
        SslContext context = port.tls().find(lower);
        return context != null
                ? promise.setSuccess(context)
                : promise.setFailure(new SSLHandshakeException("no listener for " + lower));
    }

    @Override
    protected void replaceHandler(
            ChannelHandlerContext context, @Nullable String name, SslContext ssl) throws Exception {
        String lower = name == null ? null : name.toLowerCase(Locale.ROOT);
        context.pipeline().addAfter(context.name(), null, new AfterHandshake(port, lower));
        super.replaceHandler(context, name, ssl);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /// Puts HTTP in its place when the handshake is done.
    private static final class AfterHandshake extends ChannelInboundHandlerAdapter {
        private final BoundPort port;
        private final @Nullable String serverName;

        AfterHandshake(BoundPort port, @Nullable String serverName) {
            this.port = port;
            this.serverName = serverName;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event)
                throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (!handshake.isSuccess()) {
                    context.close();
                    return;
                }
                Connection connection = port.connection(context.channel(), serverName, true);
                context.pipeline().replace(this, null, port.http1(context.channel(), connection));
            }
            super.userEventTriggered(context, event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
