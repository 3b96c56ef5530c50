package dev.sluice.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// The bytes that a parser was fed and has not parsed, of which it is the owner.
final class ParseBuffer {

    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf bytes;

    ParseBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /// Takes bytes, behind those that are there. When there is no memory for both, nothing is left,
    /// and the connection is out of step.
    void add(ByteBuf next) {
        ByteBuf held = bytes;
        bytes = null; // both are given away here, whatever becomes of them
        bytes = held == null ? next : join(held, next);
    }

    /// One buffer of two, which are given away.
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
        } finally {
            first.release();
            second.release();
        }
    }

    /// What is there, null after all of it was taken.
    @Nullable ByteBuf bytes() {
        return bytes;
    }

    int size() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    /// Bytes as a buffer of their own; the buffer itself when it is all of it.
    ByteBuf take(ByteBuf in, int size) {
        if (size < in.readableBytes()) {
            return in.readRetainedSlice(size);
        }
        bytes = null;
        return in;
    }

    /// Whether there is a buffer that was parsed whole.
    boolean isRead() {
        return bytes != null && !bytes.isReadable();
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
