package dev.sluice.server;

import dev.sluice.barrier.Barrier;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/// The end of a connection such that the client can still read the last answer: our side closes
/// first, the rest when the client closes or lingers for too long (RFC 9112 9.6). What comes
/// meanwhile is thrown away, at a pace that costs others nothing.
final class LingeringClose {

    /// How long a client may go on sending. Bytes that are thrown away without a pause meanwhile,
    /// and the pause behind them: 6 MiB a second.
    private static final int LINGER_BYTES = 64 * 1024;

    private static final long LINGER_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Channel channel;
    private final Barrier.Owner owner;
    private final Runnable goOn;
    private int discarded;

    /// @param goOn has the socket read again, after a pause
    LingeringClose(Channel channel, Barrier.Owner owner, Runnable goOn) {
        this.channel = channel;
        this.owner = owner;
        this.goOn = goOn;
    }

    /// Closes when all that was written has gone out.
    ///
    /// @param lingers whether the client may be sending
    void begin(boolean lingers) {
        Barrier.whenDone(
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER),
                owner,
                _ -> {
                    if (lingers && channel instanceof DuplexChannel duplex) {
                        duplex.shutdownOutput();
                        var _ =
                                Barrier.schedule(
                                        channel.eventLoop(), owner, channel::close, LINGER_NANOS);
                    } else {
                        channel.close();
                    }
                });
    }

    /// Throws away what has come.
    void discard(ByteBuf data) {
        discarded += data.readableBytes();
        data.release();
        if (discarded >= LINGER_BYTES) {
            discarded = 0;
            channel.config().setAutoRead(false);
            var _ = Barrier.schedule(channel.eventLoop(), owner, goOn, LINGER_PAUSE_NANOS);
        }
    }
}
