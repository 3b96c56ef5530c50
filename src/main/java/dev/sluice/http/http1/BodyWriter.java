package dev.sluice.http.http1;

import dev.sluice.http.HttpSyntax;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/// Writes the body of one HTTP/1.1 message in the framing that its head announced, and refuses
/// bytes that do not fit it: a filter's mistake must not put the connection out of step.
public final class BodyWriter {

    private static final ByteBuf LINE_END =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(2).writeShort('\r' << 8 | '\n'))
                    .asReadOnly();
    private static final ByteBuf LAST_CHUNK = lastChunk();

    /// Bytes still owed of a Content-Length; -1 when the body is chunked or ends with the
    /// connection.
    private long left;

    private boolean chunked;
    private boolean ended;

    private static ByteBuf lastChunk() {
        ByteBuf out = Unpooled.directBuffer(5);
        Http1Writer.lastChunk(out, EmptyHttpHeaders.INSTANCE);
        return Unpooled.unreleasableBuffer(out).asReadOnly();
    }

    /// Takes the framing from a head: Content-Length where it has one, else chunked.
    ///
    /// @param end whether there is no body
    public void start(HttpHeaders headers, boolean end) {
        ended = end;
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        left = length == null ? -1 : HttpSyntax.contentLength(length);
        if (length != null && left < 0) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH); // no one has to obey what is no length
        }
        chunked = !end && left < 0;
    }

    /// Sends the body as it is, up to the connection's end, as HTTP/1.0 must.
    public void untilClose() {
        chunked = false;
        left = -1;
    }

    public boolean isChunked() {
        return chunked;
    }

    public boolean isEnded() {
        return ended;
    }

    /// Writes a part and takes ownership of it.
    ///
    /// @return false when the part does not fit the framing; nothing was written then
    public boolean data(Channel channel, ByteBuf data, boolean end) {
        int size = data.readableBytes();
        if (ended || left >= 0 && (size > left || end && size < left)) {
            data.release();
            return false;
        }
        if (left >= 0) {
            left -= size;
        }
        ended = end;
        if (size == 0) {
            data.release();
        } else if (chunked) {
            ByteBuf line = channel.alloc().buffer(10);
            Http1Writer.chunkSize(line, size);
            channel.write(line, channel.voidPromise());
            channel.write(data, channel.voidPromise());
            channel.write(LINE_END.duplicate(), channel.voidPromise());
        } else {
            channel.write(data, channel.voidPromise());
        }
        if (end && chunked) {
            channel.write(LAST_CHUNK.duplicate(), channel.voidPromise());
        }
        return true;
    }

    /// Ends the body. Trailers of a body that is not chunked are dropped (RFC 9110 6.5.1).
    ///
    /// @return false when bytes are owed
    public boolean end(Channel channel, HttpHeaders trailers) {
        if (ended || left > 0) {
            return false;
        }
        ended = true;
        if (chunked) {
            if (trailers.isEmpty()) {
                channel.write(LAST_CHUNK.duplicate(), channel.voidPromise());
            } else {
                ByteBuf out = channel.alloc().buffer(256);
                Http1Writer.lastChunk(out, trailers);
                channel.write(out, channel.voidPromise());
            }
        }
        return true;
    }
}
