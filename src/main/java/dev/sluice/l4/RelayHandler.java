package dev.sluice.l4;

import dev.sluice.barrier.Barrier;
import dev.sluice.net.IoErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads one of two connections and writes what it reads to the other. It reads only while the
/// other takes what it gets: what waits is one read and the other's high-water mark.
final class RelayHandler extends ChannelInboundHandlerAdapter {

    /// How long a connection that ends may take over what waits for it.
    private static final long LINGER_SECONDS = 5;

    /// The two connections together.
    interface Pair extends Barrier.Owner {

        /// All that one side sends has been sent on, and its end as well.
        void onFinished();

        /// Ends both connections.
        void end();
    }

    private final Pair pair;
    private final Queue<ByteBuf> early = new ArrayDeque<>(0);
    private @Nullable ChannelHandlerContext context;
    private @Nullable RelayHandler other;
    private boolean inputEnded;
    private boolean finished;
    private boolean moved;

    RelayHandler(Pair pair) {
        this.pair = pair;
    }

    /// Whether bytes have come since the last look.
    boolean hasMoved() {
        boolean was = moved;
        moved = false;
        return was;
    }

    /// Whether all that this side sends has been sent on, and its end as well.
    boolean isFinished() {
        return finished;
    }

    /// From now on the other side gets what this one sends.
    void relayTo(RelayHandler target) {
        other = target;
        if (context == null) {
            pair.end();
            return;
        }
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            target.write(bytes);
        }
        target.flush();
        if (inputEnded) {
            finish();
        }
        context.channel().config().setAutoRead(target.isWritable());
    }

    private void write(ByteBuf bytes) {
        if (context == null) {
            bytes.release();
        } else {
            context.write(bytes, context.voidPromise());
        }
    }

    private void flush() {
        if (context != null) {
            context.flush();
        }
    }

    private boolean isWritable() {
        return context != null && context.channel().isWritable();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        moved = true;
        if (other == null) {
            early.add((ByteBuf) message); // one read at most: nothing is asked for
        } else {
            other.write((ByteBuf) message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        if (other != null) {
            other.flush();
            if (!other.isWritable()) {
                reading.channel().config().setAutoRead(false);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext writing) {
        if (other != null && other.context != null && writing.channel().isWritable()) {
            other.context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext reading, Object event) {
        if ((event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent)
                && !inputEnded) {
            inputEnded = true;
            if (other != null) {
                finish();
            }
        }
    }

    /// The other side learns that nothing more comes, when it has got all that came.
    private void finish() {
        RelayHandler target = other;
        if (target == null || target.context == null) {
            return;
        }
        Channel channel = target.context.channel();
        Barrier.whenDone(
                target.context.writeAndFlush(Unpooled.EMPTY_BUFFER),
                pair,
                _ -> {
                    SslHandler tls = channel.pipeline().get(SslHandler.class);
                    if (tls != null) {
                        tls.closeOutbound();
                    } else if (channel instanceof DuplexChannel duplex) {
                        duplex.shutdownOutput();
                    }
                    finished = true;
                    pair.onFinished();
                });
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) {
        pair.end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        if (!IoErrors.isOne(cause)) {
            Barrier.report("tcp", cause);
        }
        pair.end();
    }

    /// Closes this side's connection when what waits for it has been sent.
    void close() {
        early.forEach(ByteBuf::release);
        early.clear();
        if (context != null) {
            Channel channel = context.channel();
            Barrier.whenDone(
                    context.writeAndFlush(Unpooled.EMPTY_BUFFER), pair, _ -> channel.close());
            if (channel.isActive()) {
                var late =
                        Barrier.schedule(
                                channel.eventLoop(),
                                pair,
                                channel::close,
                                TimeUnit.SECONDS.toNanos(LINGER_SECONDS));
                Barrier.whenDone(channel.closeFuture(), pair, _ -> late.cancel(false));
            }
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        early.forEach(ByteBuf::release);
        early.clear();
    }
}
