package dev.sluice.http.http2;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/// One stream of an HTTP/2 connection, both ways, with its flow control. Confined to the
/// connection's event loop.
public abstract class Http2StreamHandler implements Barrier.Owner {

    private final Http2Endpoint link;
    private final Http2Stream stream;
    private final KeptBody kept = new KeptBody();
    private boolean begun;
    private boolean waited;
    private boolean wanted = true;
    private boolean closed;
    private boolean reset;
    private boolean touched;
    private int unconsumed;
    private int unheard;
    private long taken;

    /// @param begun false for a stream that [#onBegin()] is to begin
    protected Http2StreamHandler(Http2Endpoint link, Http2Stream stream, boolean begun) {
        this.link = link;
        this.stream = stream;
        this.begun = begun;
    }

    @Override
    public String place() {
        return link.place();
    }

    /// Resets the stream; the connection and its other streams go on.
    @Override
    public void onUnexpectedError(Throwable error) {
        reset(Http2Error.INTERNAL_ERROR);
    }

    /// The stream has lived to the end of the turn that opened it. What a peer opens and resets in
    /// one turn does not reach anybody.
    protected void onBegin() {}

    /// A head behind the one that opened the stream: the response, or trailers.
    protected abstract void onHeaders(Http2Headers headers, boolean end) throws Http2Exception;

    /// A part of the body; the receiver owns it.
    protected abstract void onData(ByteBuf data, boolean end);

    /// Nothing more is at hand for now.
    protected abstract void onReadComplete();

    /// The peer takes bytes again.
    protected abstract void onWritable();

    /// The peer resets the stream; [#onClosed()] follows.
    protected void onReset(long errorCode) {}

    /// The peer broke the protocol on this stream, which is reset next; [#onClosed()] follows.
    protected void onBadMessage(BadMessage bad) {}

    /// Nothing was heard of the stream for too long.
    protected void timedOut() {}

    /// Something passed, either way.
    protected final void heard() {
        unheard = 0;
    }

    /// One more look at the stream, which counts unless its reader does not want more.
    ///
    /// @param looks after which silence is too long
    public final void look(int looks) {
        unheard = wanted ? unheard + 1 : 0;
        if (unheard >= looks) {
            timedOut();
        }
    }

    /// The stream is over, whatever its end. What of its body nobody wanted yet is dropped.
    protected void onClosed() {
        closed = true;
        kept.release();
    }

    /// Whether the stream is new and has not waited for the turn after its own.
    final boolean mayWait() {
        boolean may = !begun && !waited;
        waited = true;
        return may;
    }

    /// Whether it got something in the current read.
    final boolean isTouched() {
        return touched;
    }

    final void touched(boolean now) {
        touched = now;
        unheard = 0;
    }

    final void reset(long errorCode) {
        reset = true;
        onReset(errorCode);
    }

    /// Whether the peer has reset it.
    final boolean isReset() {
        return reset;
    }

    /// A head behind the one that opened the stream.
    final void headers(Http2Headers headers, boolean end) throws Http2Exception {
        if (begun) {
            handOver();
            onHeaders(headers, end);
        } else {
            kept.trailers(headers);
        }
    }

    /// @param data stays the caller's
    /// @return bytes that the peer may send again now
    final int received(ByteBufAllocator allocator, ByteBuf data, int size, boolean end) {
        boolean worthIt = end || wanted && data.readableBytes() >= KeptBody.SMALL;
        if (begun && worthIt && kept.isEmpty()) {
            onData(data.retain(), end);
            if (wanted || closed) {
                return size;
            }
            unconsumed += size;
            return 0;
        }
        unconsumed += size;
        kept.data(allocator, data, end);
        if (begun && worthIt) {
            handOver();
        }
        return 0;
    }

    /// The end of a turn.
    final void readComplete() throws Http2Exception {
        if (!begun && !closed) {
            onBegin();
            begun = true; // now there is somebody to hand something to
            if (!closed && kept.hasEnd()) {
                handOver();
                Http2Headers trailers = kept.trailers();
                if (trailers != null) {
                    onHeaders(trailers, true);
                }
            }
        }
        if (wanted) {
            handOver();
        }
        if (!closed) {
            onReadComplete();
        }
    }

    /// Hands on what was kept of the body.
    protected final void handOver() {
        if (closed || kept.isEmpty()) {
            return;
        }
        boolean end = kept.takeEnd();
        onData(kept.take(), end);
        consume();
    }

    private void consume() {
        if (wanted && unconsumed > 0 && !closed) {
            int bytes = unconsumed;
            unconsumed = 0;
            link.consume(stream, bytes);
        }
    }

    /// Pauses or resumes reading: a paused peer may fill the stream's window and no more.
    public final void read(boolean more) {
        wanted = more;
        if (more && begun && !closed) {
            boolean waiting = !kept.isEmpty();
            handOver();
            consume();
            if (waiting && !closed) {
                onReadComplete();
            }
        }
    }

    /// Whether the reader wants more bytes now.
    protected final boolean isWanted() {
        return wanted;
    }

    public final boolean isWritable() {
        return closed || !isWaiting() || link.encoder().flowController().isWritable(stream);
    }

    /// Whether bytes wait for the peer to take them.
    protected final boolean isWaiting() {
        return !closed && link.encoder().flowController().hasFlowControlled(stream);
    }

    final void sent(int bytes) {
        taken += bytes;
    }

    /// Bytes of the body that the peer has taken.
    protected final long taken() {
        return taken;
    }

    /// Bytes of the stream that the peer would take now.
    protected final int window() {
        return link.encoder().flowController().windowSize(stream);
    }

    public final void flush() {
        if (!closed) {
            link.flushSoon();
        }
    }

    protected final int id() {
        return stream.id();
    }

    protected final boolean isClosed() {
        return closed;
    }

    protected final ChannelFuture writeHeaders(Http2Headers headers, boolean end) {
        ChannelHandlerContext context = link.context();
        return link.encoder()
                .writeHeaders(context, stream.id(), headers, 0, end, context.newPromise());
    }

    /// Takes ownership of the data.
    protected final ChannelFuture writeData(ByteBuf data, boolean end) {
        ChannelHandlerContext context = link.context();
        return link.encoder().writeData(context, stream.id(), data, 0, end, context.newPromise());
    }

    protected final void reset(Http2Error error) {
        if (!closed) {
            ChannelHandlerContext context = link.context();
            link.resetStream(context, stream.id(), error.code(), context.newPromise());
            link.flushSoon();
        }
    }
}
