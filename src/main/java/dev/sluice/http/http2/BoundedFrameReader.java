package dev.sluice.http.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameTypes;
import org.jspecify.annotations.Nullable;

/// Reads frames within a [FrameBudget], and in each turn of the event loop so many and no more: a
/// frame has nine bytes at least, so that one read of a socket could bring thousands, while other
/// connections wait.
///
/// The codec below gets whole frames only.
public final class BoundedFrameReader implements Http2FrameReader {

    /// Bytes of a frame in front of its payload (RFC 9113 4.1).
    static final int HEADER = 9;

    /// Frames of one turn. A client with many streams takes several: what is left waits for others,
    /// and no longer.
    private static final int SHARE = 32;

    /// Bytes of a DATA frame, below which it is one of a few.
    private static final int SMALL = 32;

    private final DefaultHttp2FrameReader frames;
    private final FrameBudget budget;
    private final ClosedStreams.@Nullable Memory closed;
    private @Nullable ClosedStreams watched;
    private int left = SHARE;
    private int taken;
    private boolean more;
    private boolean rest;
    private int small;
    private boolean broken;

    /// @param closed null for a peer that opens no streams
    public BoundedFrameReader(
            DefaultHttp2FrameReader frames,
            FrameBudget budget,
            ClosedStreams.@Nullable Memory closed) {
        this.frames = frames;
        this.budget = budget;
        this.closed = closed;
    }

    @Override
    public void readFrame(ChannelHandlerContext context, ByteBuf in, Http2FrameListener listener)
            throws Http2Exception {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int all = in.writerIndex();
        int whole = whole(in, all);
        taken = whole - in.readerIndex();
        if (taken == 0) {
            return;
        }
        in.writerIndex(whole);
        try {
            frames.readFrame(context, in, watched(listener));
        } catch (Http2Exception e) {
            broken |= !Http2Exception.isStreamError(e);
            throw e;
        } finally {
            in.writerIndex(all);
            // After an error of a stream the frames behind its own are still there.
            taken = whole - in.readerIndex();
        }
    }

    private Http2FrameListener watched(Http2FrameListener codec) {
        if (closed == null) {
            return codec;
        }
        ClosedStreams known = watched;
        if (known == null || !known.isOf(codec)) {
            known = new ClosedStreams(codec, closed);
            watched = known;
        }
        return known;
    }

    /// Takes the frames of which all bytes are there, as many as are left of this turn.
    ///
    /// @return where they end
    private int whole(ByteBuf in, int all) throws Http2Exception {
        int at = in.readerIndex() + taken;
        more = false;
        rest = false;
        while (all - at >= HEADER) {
            int length = in.getUnsignedMedium(at);
            if (length > frames.maxFrameSize()) {
                return all; // the codec refuses it
            }
            if (all - at - HEADER < length) {
                rest = in.getByte(at + 3) == Http2FrameTypes.RST_STREAM;
                return at;
            }
            if (left == 0) {
                more = true;
                return at;
            }
            take(in, at, length);
            left--;
            at += HEADER + length;
        }
        rest = all > at;
        return at;
    }

    private void take(ByteBuf in, int at, int length) throws Http2Exception {
        try {
            budget.received(in, at, length);
            if (length > 0 && length < SMALL && in.getByte(at + 3) == Http2FrameTypes.DATA) {
                small++;
            }
        } catch (Http2Exception e) {
            broken = true;
            throw e;
        }
    }

    /// Begins another turn.
    public void nextTurn() {
        left = SHARE;
        small = 0;
    }

    /// Whether most frames of this turn were DATA of a few bytes: a turn costs others nearly as
    /// much as one of full frames, and no correct peer sends thousands in a millisecond.
    boolean isSmall() {
        return small > SHARE / 2;
    }

    /// Whether frames were left in this turn.
    public boolean hasMore() {
        return more && !broken;
    }

    /// Whether frames were left, or the beginning of one that may be a reset.
    boolean mayReset() {
        return (more || rest) && !broken;
    }

    /// Drops all that still comes.
    void stop() {
        broken = true;
    }

    @Override
    public Configuration configuration() {
        return frames.configuration();
    }

    @Override
    public void close() {
        frames.close();
    }
}
