package dev.sluice.http.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What one peer of HTTP/2 may still send of frames that cost us work and bring nothing about, and
/// of resets. Time gives some back, and so does what frames of their kind belong to: messages, and
/// DATA that we send. Beyond it the connection ends (ENHANCE_YOUR_CALM, RFC 9113 10.5).
///
/// DATA that carries something is never counted: a stream of tokens looks like an attack by tiny
/// frames.
public final class FrameBudget {

    /// Frames that each message, and each DATA frame of ours, allows: two windows opened, a PING,
    /// and one more.
    private static final int EARNED = 4;

    /// Bytes of a DATA frame of ours that make it one. Smaller ones a peer can ask for, by opening
    /// its windows a byte at a time.
    private static final int WORTH_A_FRAME = 32;

    /// Errors of streams that take all that is there for resets.
    private static final int STREAM_ERRORS = 100;

    private static final int SETTING_BYTES = 6;

    private final LongSupplier nanos;
    private final Tokens control;
    private final Tokens resets;
    private final int streamError;

    public FrameBudget(Http2Limits limits) {
        this(limits, System::nanoTime);
    }

    /// @param nanos the time
    public FrameBudget(Http2Limits limits, LongSupplier nanos) {
        this.nanos = nanos;
        this.control =
                new Tokens(limits.controlFrames(), TimeUnit.SECONDS.toNanos(10), nanos.getAsLong());
        this.streamError = Math.max(1, limits.resets() / STREAM_ERRORS);
        this.resets = new Tokens(limits.resets(), TimeUnit.SECONDS.toNanos(30), nanos.getAsLong());
    }

    /// Takes a frame that has come.
    ///
    /// @param at where it begins, with its type behind three bytes of length
    /// @param length of its payload, which is there
    public void received(ByteBuf in, int at, int length) throws Http2Exception {
        byte flags = in.getByte(at + 4);
        switch (in.getByte(at + 3)) {
            case Http2FrameTypes.DATA -> {
                if (isEmpty(in, at, length, flags)) {
                    spend(control, 1, "frames without content");
                }
            }
            case Http2FrameTypes.HEADERS -> control.earn(EARNED);
            case Http2FrameTypes.RST_STREAM -> reset();
            // Each may reach all streams.
            case Http2FrameTypes.SETTINGS -> spend(control, 1 + length / SETTING_BYTES, "SETTINGS");
            default -> spend(control, 1, "frames without content");
        }
    }

    private static boolean isEmpty(ByteBuf in, int at, int length, byte flags) {
        boolean ends = (flags & 0x1) != 0;
        boolean padded = (flags & 0x8) != 0;
        return !ends
                && (length == 0
                        || padded
                                && in.getUnsignedByte(at + BoundedFrameReader.HEADER) + 1
                                        >= length);
    }

    /// A stream is reset by us because of an error of the peer, which costs more than a reset of
    /// its own and which no correct peer makes.
    void streamError() throws Http2Exception {
        spend(resets, streamError, "errors of streams");
    }

    /// A stream was reset by the peer.
    void reset() throws Http2Exception {
        spend(resets, 1, "resets");
    }

    /// A stream has ended well.
    public void completed() {
        resets.earn(1);
    }

    /// We have sent a DATA frame.
    public void sent(int bytes) {
        if (bytes >= WORTH_A_FRAME) {
            control.earn(EARNED);
        }
    }

    private void spend(Tokens tokens, int count, String of) throws Http2Exception {
        if (!tokens.take(count) && !tokens.refilled(nanos.getAsLong()).take(count)) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many %s", of);
        }
    }

    /// Refilled by time only when they are spent, so that taking one costs a comparison.
    private static final class Tokens {

        private final int most;
        private final long nanosToFull;
        private int left;
        private long since;

        Tokens(int most, long nanosToFull, long now) {
            this.most = most;
            this.nanosToFull = nanosToFull;
            this.left = most;
            this.since = now;
        }

        boolean take(int count) {
            if (left < count) {
                return false;
            }
            left -= count;
            return true;
        }

        void earn(int count) {
            left = Math.min(most, left + count);
        }

        Tokens refilled(long now) {
            long passed = Math.min(now - since, nanosToFull);
            int earned = (int) (passed * (double) most / nanosToFull);
            if (earned > 0) {
                since = now;
                earn(earned);
            }
            return this;
        }
    }
}
