package dev.sluice.http.http1;

import dev.sluice.http.BadMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The chunks of a body in the chunked transfer coding (RFC 9112 7.1), one body after the other.
final class ChunkedBody {

    private enum Part {
        SIZE,
        DATA,
        END
    }

    /// Bytes of a chunk-size line with its extensions, which are ignored (RFC 9112 7.1.1).
    private static final int CHUNK_LINE_LIMIT = 256;

    /// Bytes of a chunk, below which it is put together with others.
    private static final int SMALL = 256;

    /// Bytes of small chunks that go on together.
    private static final int MAX_GATHERED = 16 * 1024;

    private final ByteBufAllocator allocator;
    private final Consumer<ByteBuf> receiver;
    private final ParseBuffer buffer;
    private Part part = Part.SIZE;
    private long left;
    private @Nullable ByteBuf gathered;

    /// @param buffer what is parsed
    /// @param receiver of the data, which it owns then
    ChunkedBody(ByteBufAllocator allocator, ParseBuffer buffer, Consumer<ByteBuf> receiver) {
        this.allocator = allocator;
        this.buffer = buffer;
        this.receiver = receiver;
    }

    /// Parses the next part.
    ///
    /// @return what may follow with the bytes at hand
    Step step(ByteBuf in) throws BadMessage {
        return switch (part) {
            case SIZE -> size(in);
            case DATA -> data(in);
            case END -> end(in);
        };
    }

    /// What may follow a step.
    enum Step {
        /// Nothing without more bytes.
        NONE,
        /// The next part.
        MORE,
        /// The trailers: the size of the last chunk was read.
        TRAILERS
    }

    private Step size(ByteBuf in) throws BadMessage {
        int from = in.readerIndex();
        int end =
                in.indexOf(from, Math.min(in.writerIndex(), from + CHUNK_LINE_LIMIT), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() >= CHUNK_LINE_LIMIT) {
                throw new BadMessage(400, "a chunk's size line is too long");
            }
            return Step.NONE;
        }
        left = ChunkLine.size(in, from, end);
        in.readerIndex(end + 1);
        if (left == 0) {
            return Step.TRAILERS;
        }
        part = Part.DATA;
        return Step.MORE;
    }

    private Step data(ByteBuf in) {
        int ready = in.readableBytes();
        if (ready == 0) {
            return Step.NONE;
        }
        int size = (int) Math.min(ready, left);
        left -= size;
        if (left == 0) {
            part = Part.END;
        }
        if (size < SMALL && size < ready) {
            gather(in, size);
        } else {
            passGathered();
            receiver.accept(buffer.take(in, size));
        }
        return Step.MORE;
    }

    private Step end(ByteBuf in) throws BadMessage {
        int ready = in.readableBytes();
        int at = in.readerIndex();
        if (ready > 0 && in.getByte(at) != '\r' || ready > 1 && in.getByte(at + 1) != '\n') {
            throw new BadMessage(400, "a chunk does not end with CR LF");
        }
        if (ready < 2) {
            return Step.NONE;
        }
        in.skipBytes(2);
        part = Part.SIZE;
        return Step.MORE;
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

    /// Passes on what waits for further chunks.
    void passGathered() {
        ByteBuf data = gathered;
        gathered = null;
        if (data != null) {
            receiver.accept(data);
        }
    }

    void release() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}
