package dev.sluice.http.http1;

import dev.sluice.http.BadMessage;
import io.netty.buffer.ByteBuf;

/// The line that starts a chunk: `chunk-size [ chunk-ext ] CRLF` (RFC 9112 7.1).
final class ChunkLine {

    private static final long LIMIT = Long.MAX_VALUE >> 5;

    private ChunkLine() {}

    /// The size that a line gives. Extensions are ignored, as RFC 9112 7.1.1 asks of a recipient
    /// that does not know them.
    ///
    /// @param end index of the line feed
    static long size(ByteBuf in, int from, int end) throws BadMessage {
        if (end == from || in.getByte(end - 1) != '\r') {
            throw new BadMessage(400, "a chunk's size line does not end with CR LF");
        }
        long size = 0;
        int at = from;
        for (; at < end - 1; at++) {
            int digit = Character.digit(in.getByte(at), 16);
            if (digit < 0) {
                break;
            }
            if (size > LIMIT) {
                throw new BadMessage(400, "a chunk is too large");
            }
            size = size << 4 | digit;
        }
        if (at == from) {
            throw new BadMessage(400, "a chunk's size is not a hexadecimal number");
        }
        checkExtension(in, at, end - 1);
        return size;
    }

    private static void checkExtension(ByteBuf in, int from, int end) throws BadMessage {
        int at = from;
        while (at < end && (in.getByte(at) == ' ' || in.getByte(at) == '\t')) {
            at++;
        }
        if (at < end && in.getByte(at) != ';' || at == end && at > from) {
            throw new BadMessage(400, "a chunk's size is not a hexadecimal number");
        }
        for (; at < end; at++) {
            byte b = in.getByte(at);
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) {
                throw new BadMessage(400, "a chunk extension has a control character");
            }
        }
    }
}
