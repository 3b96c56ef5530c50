package dev.sluice.listener;

import dev.sluice.barrier.Barrier;
import dev.sluice.net.Connection;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.Deadline;
import dev.sluice.net.IoErrors;
import dev.sluice.net.Peers;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// The first handler of a TLS connection: reads the server name, then lets the listener's context
/// terminate TLS. A name that no listener takes ends the handshake with an alert.
final class ListenerSniHandler extends AbstractSniHandler<SslContext> {

    /// A record with a fatal alert (RFC 8446 6.2, RFC 6066 3).
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    private final BoundPort port;
    private final Peers peers;
    private @Nullable Deadline deadline;
    private boolean failed;

    /// Bytes of a ClientHello; those of today have about 2,000.
    private static final int MAX_CLIENT_HELLO = 64 * 1024;

    ListenerSniHandler(BoundPort port, Peers peers) {
        super(MAX_CLIENT_HELLO);
        this.port = port;
        this.peers = peers;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        super.handlerAdded(context);
        Deadline time =
                new Deadline(
                        context.channel().eventLoop(),
                        Barrier.closing("listener", context.channel()),
                        () -> timedOut(context));
        time.in(port.handshakeTimeout());
        deadline = time;
    }

    private void timedOut(ChannelHandlerContext context) {
        failed(null, ConnectionFailure.TLS_TIMEOUT);
        context.close();
    }

    private void failed(@Nullable String name, ConnectionFailure reason) {
        if (!failed) {
            failed = true;
            port.failed(peers, name, reason);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        if (deadline != null) {
            deadline.cancel();
        }
        super.handlerRemoved0(context);
    }

    @Override
    protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable String name) {
        SslContext found = port.tls().find(lower(name));
        return found != null
                ? context.executor().newSucceededFuture(found)
                : context.executor()
                        .newFailedFuture(new SSLHandshakeException("no listener for " + name));
    }

    private static String lower(@Nullable String name) {
        return name == null ? "" : name.toLowerCase(Locale.ROOT);
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext context, @Nullable String name, Future<SslContext> future) {
        String serverName = name == null ? null : lower(name);
        if (!future.isSuccess()) {
            failed(serverName, ConnectionFailure.TLS_SERVER_NAME);
            Barrier.whenDone(
                    context.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME)),
                    Barrier.closing("listener", context.channel()),
                    written -> written.channel().close());
            return;
        }
        SslHandler tls = future.getNow().newHandler(context.alloc());
        tls.setHandshakeTimeoutMillis(port.handshakeTimeout().toMillis());
        context.pipeline()
                .addAfter(context.name(), null, new AfterHandshake(port, peers, serverName));
        context.pipeline().replace(this, null, tls);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && IoErrors.isOne(cause)) {
            failed(null, ConnectionFailure.TLS_MALFORMED);
        }
        ended(context, cause);
    }

    private static void ended(ChannelHandlerContext context, Throwable cause) {
        if (!IoErrors.isOne(cause)) {
            Barrier.report("listener", cause);
        }
        context.close();
    }

    /// Puts HTTP in its place when the handshake is done.
    private static final class AfterHandshake extends ChannelInboundHandlerAdapter {
        private final BoundPort port;
        private final Peers peers;
        private final @Nullable String serverName;

        AfterHandshake(BoundPort port, Peers peers, @Nullable String serverName) {
            this.port = port;
            this.peers = peers;
            this.serverName = serverName;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event)
                throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (!handshake.isSuccess()) {
                    port.failed(peers, serverName, HandshakeErrors.reason(handshake.cause()));
                    context.close();
                    return;
                }
                Channel channel = context.channel();
                SslHandler tls = context.pipeline().get(SslHandler.class);
                Connection connection = port.connection(peers, serverName, tls);
                boolean http2 = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
                context.pipeline()
                        .replace(
                                this,
                                null,
                                http2
                                        ? port.http2(channel, connection)
                                        : port.http1(channel, connection));
            }
            super.userEventTriggered(context, event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ended(context, cause);
        }
    }
}
