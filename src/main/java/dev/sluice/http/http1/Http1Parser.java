package dev.sluice.http.http1;

import dev.sluice.http.BadMessage;
import dev.sluice.http.HttpFields;
import dev.sluice.http.MessageLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

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
        CHUNKED,
        TRAILERS,
        UNTIL_CLOSE,
        TUNNEL,
        BROKEN
    }

    /// Steps of one turn: a chunk takes three, whatever its size.
    private static final int SHARE = 768;

    private static final int MAX_EMPTY_LINES = 4;

    private final Sink sink;
    private final HeaderSection section;
    private final ParseBuffer buffer;
    private final ChunkedBody chunks;
    private ParserState parserState = ParserState.HEAD;
    private long left;
    private boolean running;
    private boolean paused;
    private boolean closed;
    private boolean more;
    private int emptyLines;

    public Http1Parser(ByteBufAllocator allocator, MessageLimits messageLimits, Sink sink) {
        this.section = new HeaderSection(messageLimits);
        this.sink = sink;
        this.buffer = new ParseBuffer(allocator);
        this.chunks = new ChunkedBody(allocator, buffer, data -> sink.onData(data, false));
    }

    /// Parses bytes and takes ownership of them.
    public void feed(ByteBuf bytes) {
        if (closed || parserState == ParserState.BROKEN) {
            bytes.release();
            return;
        }
        try {
            buffer.add(bytes);
        } catch (Throwable error) {
            parserState = ParserState.BROKEN;
            throw error;
        }
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
        return buffer.size();
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
            ByteBuf in = buffer.bytes();
            while (!closed && in != null && left > 0 && step(in)) {
                left--;
                in = buffer.bytes();
            }
            more = left == 0 && pending() > 0;
            if (!closed) {
                chunks.passGathered();
            }
        } catch (BadMessage bad) {
            parserState = ParserState.BROKEN;
            sink.onBadMessage(bad);
        } catch (Throwable unexpected) {
            parserState = ParserState.BROKEN; // nobody knows how far the message was handled
            throw unexpected;
        } finally {
            running = false;
            if (closed || parserState == ParserState.BROKEN || buffer.isRead()) {
                release();
            }
        }
    }

    private void release() {
        chunks.release();
        buffer.release();
    }

    /// @return whether another step may be possible with the bytes at hand
    private boolean step(ByteBuf in) throws BadMessage {
        return switch (parserState) {
            case HEAD -> !paused && head(in);
            case FIXED -> fixed(in);
            case CHUNKED -> chunked(in);
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
        section.release();
        left = framing;
        if (framing > 0) {
            parserState = ParserState.FIXED;
        } else if (framing == CHUNKED) {
            parserState = ParserState.CHUNKED;
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
        sink.onData(buffer.take(in, size), last);
        return true;
    }

    private boolean chunked(ByteBuf in) throws BadMessage {
        return switch (chunks.step(in)) {
            case NONE -> false;
            case MORE -> true;
            case TRAILERS -> {
                parserState = ParserState.TRAILERS;
                yield true;
            }
        };
    }

    private boolean trailers(ByteBuf in) throws BadMessage {
        if (!section.isComplete(in, false)) {
            return false;
        }
        HttpHeaders trailers = section.parse(in, false);
        section.release();
        chunks.passGathered();
        parserState = ParserState.HEAD;
        sink.onEnd(trailers);
        return true;
    }

    private boolean rest(ByteBuf in) {
        int ready = in.readableBytes();
        if (ready > 0) {
            sink.onData(buffer.take(in, ready), false);
        }
        return false;
    }
}
