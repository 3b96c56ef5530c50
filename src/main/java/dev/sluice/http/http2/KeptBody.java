package dev.sluice.http.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// What came of a stream's body and was not handed on: small parts of one turn, which go on as one,
/// and what a paused reader does not want yet. It is copied, so that a byte costs a byte and not
/// the buffer that it was read into. The stream's window bounds it.
final class KeptBody {

    /// Bytes of a part that goes on by itself: a copy costs less than what each part does further
    /// on.
    static final int SMALL = 1024;

    private static final int FIRST_SIZE = 512;

    private @Nullable ByteBuf data;
    private @Nullable Http2Headers trailers;
    private boolean end;

    /// @param part stays the caller's
    void data(ByteBufAllocator allocator, ByteBuf part, boolean last) {
        if (part.isReadable()) {
            if (data == null) {
                data = allocator.buffer(Math.max(FIRST_SIZE, part.readableBytes()));
            }
            data.writeBytes(part, part.readerIndex(), part.readableBytes());
        }
        end = last;
    }

    /// They end the message.
    void trailers(Http2Headers fields) {
        trailers = fields;
    }

    @Nullable Http2Headers trailers() {
        return trailers;
    }

    boolean isEmpty() {
        return data == null && !end;
    }

    /// Whether the end of the message is known.
    boolean hasEnd() {
        return end || trailers != null;
    }

    /// Whether the data is the last of the message; it is reported once.
    boolean takeEnd() {
        boolean last = end;
        end = false;
        return last;
    }

    /// The data, which is the caller's then.
    ByteBuf take() {
        ByteBuf taken = data == null ? Unpooled.EMPTY_BUFFER : data;
        data = null;
        return taken;
    }

    void release() {
        if (data != null) {
            data.release();
            data = null;
        }
        end = false;
        trailers = null;
    }
}
