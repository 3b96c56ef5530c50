package dev.sluice.http.http1;

import dev.sluice.http.HopByHop;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/// Writes HTTP/1.1 messages. Values must be free of CR and LF: what was parsed is, and
/// [HttpSyntax#isFieldValue(CharSequence)] tells for anything else.
public final class Http1Writer {

    private static final AsciiString HTTP_1_1 = AsciiString.cached("HTTP/1.1");
    private static final AsciiString LAST_CHUNK = AsciiString.cached("0\r\n\r\n");
    private static final AsciiString LAST_CHUNK_WITH_TRAILERS = AsciiString.cached("0\r\n");
    private static final AsciiString HOST = AsciiString.cached("host: ");
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON = ':' << 8 | ' ';
    private static final AsciiString[] STATUS_LINES = new AsciiString[600];

    static {
        for (int status = 100; status < STATUS_LINES.length; status++) {
            STATUS_LINES[status] =
                    AsciiString.cached(
                            HTTP_1_1 + " " + HttpResponseStatus.valueOf(status) + "\r\n");
        }
    }

    private Http1Writer() {}

    /// The request line, `Host` and the fields, without the empty line that ends the head.
    public static void requestHead(ByteBuf out, RequestHead head) {
        text(out, head.method());
        out.writeByte(' ');
        text(out, head.target());
        out.writeByte(' ');
        text(out, HTTP_1_1);
        out.writeShort(CRLF);
        text(out, HOST);
        text(out, head.authority());
        out.writeShort(CRLF);
        fields(out, head.headers());
    }

    /// The status line and the fields, without the empty line that ends the head.
    public static void responseHead(ByteBuf out, ResponseHead head) {
        if (head.status() < STATUS_LINES.length) {
            text(out, STATUS_LINES[head.status()]);
        } else {
            text(out, HTTP_1_1 + " " + head.status() + " \r\n");
        }
        fields(out, head.headers());
    }

    /// One field.
    public static void field(ByteBuf out, CharSequence name, CharSequence value) {
        text(out, name);
        out.writeShort(COLON);
        text(out, value);
        out.writeShort(CRLF);
    }

    /// The empty line.
    public static void endOfHead(ByteBuf out) {
        out.writeShort(CRLF);
    }

    /// The line in front of a chunk.
    public static void chunkSize(ByteBuf out, int size) {
        text(out, Integer.toHexString(size));
        out.writeShort(CRLF);
    }

    /// The line end behind a chunk.
    public static void chunkEnd(ByteBuf out) {
        out.writeShort(CRLF);
    }

    /// The last chunk and the trailer section.
    public static void lastChunk(ByteBuf out, HttpHeaders trailers) {
        if (trailers.isEmpty()) {
            text(out, LAST_CHUNK);
        } else {
            text(out, LAST_CHUNK_WITH_TRAILERS);
            fields(out, trailers);
            out.writeShort(CRLF);
        }
    }

    private static void fields(ByteBuf out, HttpHeaders headers) {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (!isTyped(field.getKey())) {
                field(out, field.getKey(), field.getValue());
            }
        }
    }

    /// Fields that are written from typed values only, whatever a head holds.
    private static boolean isTyped(CharSequence name) {
        return HttpHeaderNames.HOST.contentEqualsIgnoreCase(name) || HopByHop.isOfConnection(name);
    }

    private static void text(ByteBuf out, CharSequence text) {
        if (text instanceof AsciiString ascii) {
            ByteBufUtil.copy(ascii, 0, out, ascii.length());
        } else {
            out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        }
    }
}
