package dev.sluice.listener;

import dev.sluice.barrier.Barrier;
import dev.sluice.net.Deadline;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Closes the connection of a client that takes nothing of what is ready for it. What is ready is
/// bounded, but it holds a connection to a backend, too.
final class StalledWriteHandler extends ChannelInboundHandlerAdapter {

    /// Bytes that a client has to take in each span of the limit.
    private static final int LEAST_TAKEN = 1024;

    private final Duration limit;
    private final Runnable onStalled;
    private @Nullable Deadline deadline;
    private long ready;

    /// @param onStalled called before the connection is closed
    StalledWriteHandler(Duration limit, Runnable onStalled) {
        this.limit = limit;
        this.onStalled = onStalled;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Channel channel = context.channel();
        if (!channel.isWritable()) {
            if (deadline == null) {
                deadline =
                        new Deadline(
                                channel.eventLoop(),
                                Barrier.closing("listener", channel),
                                () -> look(context));
            }
            ready = channel.bytesBeforeWritable();
            deadline.in(limit);
        } else if (deadline != null) {
            deadline.none();
        }
        context.fireChannelWritabilityChanged();
    }

    private void look(ChannelHandlerContext context) {
        long left = context.channel().bytesBeforeWritable();
        if (deadline != null && ready - left >= LEAST_TAKEN) {
            ready = left;
            deadline.in(limit);
        } else {
            onStalled.run();
            context.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
