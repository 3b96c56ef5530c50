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
import java.util.function.BiConsumer;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// The first handler of a TLS connection: reads the server name, then lets the listener's context
/// terminate TLS, or hands the connection on as it is. A name that no listener takes ends the
/// connection, with an alert where all listeners of the port are of HTTPS.
final class ListenerSniHandler extends AbstractSniHandler<ServerNameAction> {

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
    protected Future<ServerNameAction> lookup(
            ChannelHandlerContext context, @Nullable String name) {
        ServerNameAction found = port.tls().find(lower(name));
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
            ChannelHandlerContext context, @Nullable String name, Future<ServerNameAction> future) {
        String serverName = name == null ? null : lower(name);
        if (!future.isSuccess()) {
            failed(serverName, ConnectionFailure.TLS_SERVER_NAME);
            byte[] last = port.tls().alerts() ? UNRECOGNIZED_NAME : new byte[0];
            Barrier.whenDone(
                    context.writeAndFlush(Unpooled.wrappedBuffer(last)),
                    Barrier.closing("listener", context.channel()),
                    written -> written.channel().close());
            return;
        }
        switch (future.getNow()) {
            case ServerNameAction.ServeHttp(SslContext tls) ->
                    terminate(context, tls, serverName, this::serveHttp);
            case ServerNameAction.Terminate(SslContext tls, String listener) ->
                    terminate(
                            context,
                            tls,
                            serverName,
                            (shaken, _) -> port.handOn(shaken, peers, listener, serverName));
            case ServerNameAction.Passthrough(String listener) -> {
                port.handOn(context.channel(), peers, listener, serverName);
                context.pipeline().remove(this); // what was read goes to the next handler
            }
        }
    }

    private void terminate(
            ChannelHandlerContext context,
            SslContext with,
            @Nullable String serverName,
            BiConsumer<Channel, @Nullable String> next) {
        SslHandler tls = with.newHandler(context.alloc());
        tls.setHandshakeTimeoutMillis(port.handshakeTimeout().toMillis());
        context.pipeline()
                .addAfter(context.name(), null, new AfterHandshake(port, peers, serverName, next));
        context.pipeline().replace(this, null, tls);
    }

    private void serveHttp(Channel channel, @Nullable String serverName) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        Connection connection = port.connection(peers, serverName, tls);
        boolean http2 = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
        channel.pipeline()
                .addLast(http2 ? port.http2(channel, connection) : port.http1(channel, connection));
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

    /// Puts in its place what serves the connection when the handshake is done.
    private static final class AfterHandshake extends ChannelInboundHandlerAdapter {
        private final BoundPort port;
        private final Peers peers;
        private final @Nullable String serverName;
        private final BiConsumer<Channel, @Nullable String> next;

        AfterHandshake(
                BoundPort port,
                Peers peers,
                @Nullable String serverName,
                BiConsumer<Channel, @Nullable String> next) {
            this.next = next;
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
                next.accept(context.channel(), serverName);
                super.userEventTriggered(context, event);
                context.pipeline().remove(this);
                return;
            }
            super.userEventTriggered(context, event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ended(context, cause);
        }
    }
}
