package dev.sluice.http.http2;

import dev.sluice.barrier.Barrier;
import dev.sluice.net.IoErrors;
import dev.sluice.net.TurnPause;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/// How an HTTP/2 connection shares its event loop with others, and what it lets a peer have us do:
/// a bounded number of frames in each turn, within a [FrameBudget], and of a client that does not
/// read what we answer nothing more is read.
abstract class Http2Turns extends Http2ConnectionHandler implements Barrier.Owner {

    /// Bytes that may wait for a client to take them, beyond which nothing more is read of it. Of
    /// bodies, less waits: this is for heads and answers to control frames.
    private static final int MOST_BEHIND = 192 * 1024;

    /// How long the rest of a frame is waited for.
    private static final long REST_NANOS = 2_000_000;

    private final FrameBudget budget;
    private final BoundedFrameReader reader;
    private final CountingFrameWriter writer;
    private @Nullable ChannelHandlerContext context;
    private boolean reading;
    private boolean paused;
    private boolean behind;
    private boolean failed;

    /// @param codec that nothing else uses
    Http2Turns(Http2Codec codec) {
        super(codec.decoder(), codec.encoder(), codec.settings());
        budget = codec.budget();
        reader = codec.reader();
        writer = codec.writer();
    }

    @Override
    public String place() {
        return "http2";
    }

    /// Ends the connection: the error is not of one stream.
    @Override
    public void onUnexpectedError(Throwable error) {
        context().channel().close();
    }

    /// The peer broke the protocol, or did too much: the connection ends. Called once.
    protected void onPeerError(Http2Error error) {}

    /// The peer broke the protocol on a stream, which is reset next.
    abstract void onStreamError(Http2Exception.StreamException error);

    /// A turn is over: what came in it is handed on.
    abstract void turnEnds();

    @Override
    public abstract void exceptionCaught(ChannelHandlerContext from, Throwable cause);

    final FrameBudget budget() {
        return budget;
    }

    /// Whether what comes next may be the reset of a stream that has just been opened.
    final boolean mayReset() {
        return reader.mayReset();
    }

    /// Whether frames are being read; what is written meanwhile is flushed at the end of the turn.
    final boolean isReading() {
        return reading;
    }

    /// The peer's windows have let DATA go.
    void sent(int stream, int bytes) {
        budget.sent(bytes);
    }

    protected final ChannelHandlerContext context() {
        ChannelHandlerContext current = context;
        if (current == null) {
            throw new IllegalStateException("the handler is not part of a pipeline");
        }
        return current;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        writer.onSent(this::sent);
        super.handlerAdded(added);
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) throws Exception {
        reading = true;
        super.channelRead(from, message);
        if (reader.hasMore()) {
            pause(from.channel());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) throws Exception {
        turnEnds();
        if (reader.mayReset() && !reader.hasMore()) {
            // The rest of a frame comes with the next read, if it comes.
            Barrier.schedule(from.channel().eventLoop(), this, this::turnEnds, REST_NANOS);
        }
        reading = false;
        long pause = reader.isSmall() ? TurnPause.NANOS : 0;
        reader.nextTurn();
        behind = connection().isServer() && from.channel().bytesBeforeWritable() > MOST_BEHIND;
        if (behind) {
            pause(from.channel());
        } else if (reader.hasMore()) {
            goOnLater(from, pause);
        } else {
            resume(from.channel());
            super.channelReadComplete(from);
            return;
        }
        // What the codec does, but for a read of the socket.
        discardSomeReadBytes();
        flush(from);
    }

    private void pause(Channel channel) {
        paused = true;
        channel.config().setAutoRead(false);
    }

    private void resume(Channel channel) {
        if (paused) {
            paused = false;
            channel.config().setAutoRead(true);
        }
    }

    /// Scheduled, since what is executed now would come before other connections are read.
    private void goOnLater(ChannelHandlerContext from, long nanos) {
        Barrier.schedule(from.channel().eventLoop(), this, this::goOn, nanos);
    }

    /// Another turn, with what was read before.
    private void goOn() {
        ChannelHandlerContext at = context();
        if (at.isRemoved() || behind) {
            return;
        }
        try {
            channelRead(at, Unpooled.EMPTY_BUFFER);
            channelReadComplete(at);
        } catch (Exception e) {
            exceptionCaught(at, e);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) throws Exception {
        super.channelWritabilityChanged(from);
        if (behind && from.channel().isWritable()) {
            behind = false;
            goOnLater(from, 0);
        }
    }

    /// Counts what a peer makes us reset (CVE-2025-8671) as if it had reset it itself.
    @Override
    protected void onStreamError(
            ChannelHandlerContext from,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException error) {
        if (!outbound) {
            onStreamError(error);
        }
        super.onStreamError(from, outbound, cause, error);
        if (!outbound) {
            try {
                budget.streamError();
            } catch (Http2Exception over) {
                onConnectionError(from, false, over, over);
            }
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext from,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception error) {
        reader.stop();
        if (error == null && !IoErrors.isOne(cause)) {
            Barrier.report(place(), cause); // the codec's own, which it only tells the peer
        } else if (error != null && !outbound && !failed) {
            failed = true;
            onPeerError(error.error());
        }
        super.onConnectionError(from, outbound, cause, error);
        if (!from.channel().isWritable()) {
            from.close(); // the peer would not read why
        }
    }
}
