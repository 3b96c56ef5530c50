package dev.sluice.listener;

import dev.sluice.barrier.Barrier;
import dev.sluice.net.Connection;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.Deadline;
import dev.sluice.net.FailedConnection;
import dev.sluice.server.Http1ServerConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The first handler of a connection without TLS: recognizes HTTP/2 with prior knowledge (RFC 9113
/// 3.3) from HTTP/1.1, which stands behind it, by the first bytes.
final class ProtocolDetector extends ChannelInboundHandlerAdapter {

    /// The method of the HTTP/2 preface, which is reserved for it.
    private static final byte[] PREFACE = "PRI ".getBytes(StandardCharsets.US_ASCII);

    private final BoundPort port;
    private final Connection connection;
    private @Nullable Deadline deadline;
    private ByteBuf seen = Unpooled.EMPTY_BUFFER;

    ProtocolDetector(BoundPort port, Connection connection) {
        this.port = port;
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf all =
                seen.isReadable()
                        ? Unpooled.wrappedBuffer(seen, (ByteBuf) message)
                        : (ByteBuf) message;
        seen = Unpooled.EMPTY_BUFFER;
        int known = Math.min(all.readableBytes(), PREFACE.length);
        boolean http2 = true;
        for (int i = 0; i < known && http2; i++) {
            http2 = all.getByte(all.readerIndex() + i) == PREFACE[i];
        }
        if (http2 && known < PREFACE.length) {
            seen = all;
            if (deadline == null) {
                deadline =
                        new Deadline(
                                context.channel().eventLoop(),
                                Barrier.closing("listener", context.channel()),
                                () -> timedOut(context));
                deadline.in(port.handshakeTimeout());
            }
            return;
        }
        if (http2) {
            context.pipeline()
                    .replace(
                            Http1ServerConnection.class,
                            null,
                            port.http2(context.channel(), connection));
        }
        context.fireChannelRead(all);
        context.pipeline().remove(this);
    }

    private void timedOut(ChannelHandlerContext context) {
        port.http()
                .failed(
                        new FailedConnection(
                                connection.remoteHost(), null, ConnectionFailure.HTTP2_TIMEOUT));
        context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        seen.release();
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
