package dev.sluice.http.http1;

import dev.sluice.http.BadMessage;
import dev.sluice.http.HttpFields;
import dev.sluice.http.MessageLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// An incremental parser of HTTP/1.1 messages (RFC 9112), for one direction of one connection.
///
/// It is strict where leniency lets two parsers disagree about where a message ends: a line ends
/// with CR LF, never with a bare LF; folded lines, white space before the colon, control characters
/// and a malformed chunk are errors. After an error the connection is out of step for good: all
/// further bytes are dropped.
///
/// The parser owns what it is fed. A head is parsed when all of it is there, from one array; bodies
/// are passed on as they come, in slices of the buffers that were fed. It may be paused between
/// messages (pipelining), and its callbacks may pause, resume or close it.
public final class Http1Parser {

    /// Framing: no body follows the head.
    public static final long NO_BODY = 0;

    /// Framing: chunked transfer coding.
    public static final long CHUNKED = -1;

    /// Framing: the body ends with the connection (responses only, RFC 9112 6.3).
    public static final long UNTIL_CLOSE = -2;

    /// Framing: the connection has left HTTP; all that follows is passed on.
    public static final long TUNNEL = -3;

    /// Receives what was parsed.
    public interface Sink {

        /// A head. Throws what makes the message unacceptable.
        ///
        /// @param line the start line without its end
        /// @param length of the start line
        /// @return how the body is framed: its length in bytes, or a constant of this class
        long onHead(byte[] line, int length, HttpFields httpFields) throws BadMessage;

        /// A part of the body; the receiver owns it.
        ///
        /// @param last whether the message ends with it
        void onData(ByteBuf data, boolean last);

        /// The end of a message whose end no data told: of one without a body, or of a chunked one.
        ///
        /// @param trailers empty when there are none
        void onEnd(HttpHeaders trailers);

        /// The bytes break the protocol; nothing follows.
        void onBadMessage(BadMessage bad);
    }

    private enum ParserState {
        HEAD,
        FIXED,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        TUNNEL,
        BROKEN
    }

    /// Bytes of a chunk-size line with its extensions, which are ignored (RFC 9112 7.1.1).
    private static final int CHUNK_LINE_LIMIT = 256;

    /// Steps of one turn: a chunk takes three, whatever its size.
    private static final int SHARE = 768;

    /// Bytes of a chunk, below which it is put together with others.
    private static final int SMALL = 256;

    /// Bytes of small chunks that go on together.
    private static final int MAX_GATHERED = 16 * 1024;

    private static final int MAX_EMPTY_LINES = 4;

    private final ByteBufAllocator allocator;
    private final Sink sink;
    private final HeaderSection section;
    private ParserState parserState = ParserState.HEAD;
    private long left;
    private @Nullable ByteBuf buffer;
    private @Nullable ByteBuf gathered;
    private boolean running;
    private boolean paused;
    private boolean closed;
    private boolean more;
    private int emptyLines;

    public Http1Parser(ByteBufAllocator allocator, MessageLimits messageLimits, Sink sink) {
        this.allocator = allocator;
        this.section = new HeaderSection(messageLimits);
        this.sink = sink;
    }

    /// Parses bytes and takes ownership of them.
    public void feed(ByteBuf bytes) {
        if (closed || parserState == ParserState.BROKEN) {
            bytes.release();
            return;
        }
        ByteBuf held = buffer;
        buffer = null; // both are given away here, whatever becomes of them
        buffer = held == null ? bytes : join(held, bytes);
        run();
    }

    /// Stops before the next message.
    public void pause() {
        paused = true;
    }

    /// Goes on with what has been fed meanwhile.
    public void resume() {
        paused = false;
        run();
    }

    /// Whether it has left something for the next turn of the event loop, so that other connections
    /// come in between; [#goOn()] takes it.
    public boolean hasMore() {
        return more && !closed && parserState != ParserState.BROKEN;
    }

    /// Another turn.
    public void goOn() {
        run();
    }

    /// Whether it waits before the next message.
    public boolean isPaused() {
        return paused;
    }

    /// Leaves HTTP: all that follows is passed on as it is.
    public void tunnel() {
        parserState = ParserState.TUNNEL;
        resume();
    }

    /// Bytes that were fed and not parsed.
    public int pending() {
        return buffer == null ? 0 : buffer.readableBytes();
    }

    /// Whether nothing of the next message has been seen.
    public boolean isBetweenMessages() {
        return parserState == ParserState.HEAD && pending() == 0;
    }

    /// Tells that the connection's end was read.
    ///
    /// @return false when a message was cut by it
    public boolean endOfInput() {
        if (parserState == ParserState.UNTIL_CLOSE) {
            parserState = ParserState.HEAD;
            sink.onEnd(EmptyHttpHeaders.INSTANCE);
            return true;
        }
        return parserState == ParserState.TUNNEL || isBetweenMessages();
    }

    /// Drops what is left. Nothing is reported any more.
    public void close() {
        closed = true;
        if (!running) {
            release();
        }
    }

    private void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            // A step reports at most one thing and leaves a consistent state.
            int left = SHARE;
            while (!closed && buffer != null && left > 0 && step(buffer)) {
                left--;
            }
            more = left == 0 && pending() > 0;
            if (!closed) {
                passGathered();
            }
        } catch (BadMessage bad) {
            parserState = ParserState.BROKEN;
            sink.onBadMessage(bad);
        } catch (Throwable unexpected) {
            parserState = ParserState.BROKEN; // nobody knows how far the message was handled
            throw unexpected;
        } finally {
            running = false;
            if (closed
                    || parserState == ParserState.BROKEN
                    || buffer != null && !buffer.isReadable()) {
                release();
            }
        }
    }

    private void release() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    /// @return whether another step may be possible with the bytes at hand
    private boolean step(ByteBuf in) throws BadMessage {
        return switch (parserState) {
            case HEAD -> !paused && head(in);
            case FIXED -> fixed(in);
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK_DATA -> chunkData(in);
            case CHUNK_END -> chunkEnd(in);
            case TRAILERS -> trailers(in);
            case UNTIL_CLOSE, TUNNEL -> rest(in);
            case BROKEN -> false;
        };
    }

    private boolean head(ByteBuf in) throws BadMessage {
        if (!section.isStarted() && !skipEmptyLines(in)) {
            return false;
        }
        if (!section.isComplete(in, true)) {
            return false;
        }
        emptyLines = 0;
        HttpFields httpFields = section.parse(in, true);
        long framing = sink.onHead(section.bytes(), section.startLineLength(), httpFields);
        left = framing;
        if (framing > 0) {
            parserState = ParserState.FIXED;
        } else if (framing == CHUNKED) {
            parserState = ParserState.CHUNK_SIZE;
        } else if (framing == UNTIL_CLOSE) {
            parserState = ParserState.UNTIL_CLOSE;
        } else if (framing == TUNNEL) {
            parserState = ParserState.TUNNEL;
        } else {
            sink.onEnd(EmptyHttpHeaders.INSTANCE);
        }
        return true;
    }

    /// RFC 9112 2.2: a server should ignore an empty line before the request line.
    ///
    /// @return whether a message may begin here; false when more bytes have to tell
    private boolean skipEmptyLines(ByteBuf in) throws BadMessage {
        while (in.isReadable() && in.getByte(in.readerIndex()) == '\r') {
            if (in.readableBytes() < 2) {
                return false;
            }
            if (in.getByte(in.readerIndex() + 1) != '\n') {
                return true; // which is found to be malformed
            }
            if (++emptyLines > MAX_EMPTY_LINES) {
                throw new BadMessage(400, "there are empty lines before the request line");
            }
            in.skipBytes(2);
        }
        return in.isReadable();
    }

    private boolean fixed(ByteBuf in) {
        int ready = in.readableBytes();
        if (ready == 0) {
            return false;
        }
        int size = (int) Math.min(ready, left);
        left -= size;
        boolean last = left == 0;
        if (last) {
            parserState = ParserState.HEAD;
        }
        sink.onData(take(in, size), last);
        return true;
    }

    private boolean chunkSize(ByteBuf in) throws BadMessage {
        int from = in.readerIndex();
        int end =
                in.indexOf(from, Math.min(in.writerIndex(), from + CHUNK_LINE_LIMIT), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() >= CHUNK_LINE_LIMIT) {
                throw new BadMessage(400, "a chunk's size line is too long");
            }
            return false;
        }
        left = ChunkLine.size(in, from, end);
        in.readerIndex(end + 1);
        parserState = left == 0 ? ParserState.TRAILERS : ParserState.CHUNK_DATA;
        return true;
    }

    private boolean chunkData(ByteBuf in) {
        int ready = in.readableBytes();
        if (ready == 0) {
            return false;
        }
        int size = (int) Math.min(ready, left);
        left -= size;
        if (left == 0) {
            parserState = ParserState.CHUNK_END;
        }
        if (size < SMALL && size < ready) {
            gather(in, size);
        } else {
            passGathered();
            sink.onData(take(in, size), false);
        }
        return true;
    }

    /// Small chunks that came together go on together: each one alone would cost as much as a
    /// packet (ChunkLoris), and a stream of tokens must be allowed to look like that.
    private void gather(ByteBuf in, int size) {
        ByteBuf to = gathered;
        if (to == null) {
            to = allocator.buffer(Math.min(in.readableBytes(), MAX_GATHERED));
            gathered = to;
        }
        to.writeBytes(in, size);
        if (to.readableBytes() >= MAX_GATHERED) {
            passGathered();
        }
    }

    private void passGathered() {
        ByteBuf data = gathered;
        gathered = null;
        if (data != null) {
            sink.onData(data, false);
        }
    }

    private boolean chunkEnd(ByteBuf in) throws BadMessage {
        int ready = in.readableBytes();
        int at = in.readerIndex();
        if (ready > 0 && in.getByte(at) != '\r' || ready > 1 && in.getByte(at + 1) != '\n') {
            throw new BadMessage(400, "a chunk does not end with CR LF");
        }
        if (ready < 2) {
            return false;
        }
        in.skipBytes(2);
        parserState = ParserState.CHUNK_SIZE;
        return true;
    }

    private boolean trailers(ByteBuf in) throws BadMessage {
        if (!section.isComplete(in, false)) {
            return false;
        }
        HttpHeaders trailers = section.parse(in, false);
        passGathered();
        parserState = ParserState.HEAD;
        sink.onEnd(trailers);
        return true;
    }

    private boolean rest(ByteBuf in) {
        int ready = in.readableBytes();
        if (ready > 0) {
            sink.onData(take(in, ready), false);
        }
        return false;
    }

    /// Bytes of the buffer as a buffer of their own; the buffer itself when it is all of it.
    private ByteBuf take(ByteBuf in, int size) {
        if (size < in.readableBytes()) {
            return in.readRetainedSlice(size);
        }
        buffer = null;
        return in;
    }

    /// One buffer of two, which are given away. When there is no memory for it, nothing is left,
    /// and the connection is out of step.
    private ByteBuf join(ByteBuf first, ByteBuf second) {
        if (!first.isReadable()) {
            first.release();
            return second;
        }
        try {
            int size = first.readableBytes() + second.readableBytes();
            // Doubled, so that a head that trickles in byte by byte is not copied each time.
            ByteBuf joined =
                    first.refCnt() == 1 && first.writableBytes() >= second.readableBytes()
                            ? first.retain()
                            : allocator.buffer(2 * size).writeBytes(first);
            joined.writeBytes(second);
            return joined;
        } catch (Throwable error) {
            parserState = ParserState.BROKEN;
            throw error;
        } finally {
            first.release();
            second.release();
        }
    }
}
