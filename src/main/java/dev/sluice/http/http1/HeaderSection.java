package dev.sluice.http.http1;

import dev.sluice.http.BadMessage;
import dev.sluice.http.HttpFields;
import dev.sluice.http.HttpSyntax;
import dev.sluice.http.MessageLimits;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The lines of a head or trailer section: found first (the scan remembers where it stood), then
/// parsed in one go from an array.
final class HeaderSection {

    /// Fields whose values of the last section are kept, and bytes of such a value: a bound of what
    /// an idle connection holds.
    private static final int KEPT_FIELDS = 16;

    private static final int KEPT_BYTES = 64;

    /// Bytes and lines that are kept for the next section.
    private static final int USUAL_BYTES = 8 * 1024;

    private static final int USUAL_LINES = 64;

    private final MessageLimits messageLimits;
    private final @Nullable AsciiString[] kept = new @Nullable AsciiString[KEPT_FIELDS];
    private byte[] bytes = new byte[1024];
    private int[] lineEnds = new int[32];
    private int lines;
    private int scanned;
    private int lineStart;
    private int startLineLength;

    HeaderSection(MessageLimits messageLimits) {
        this.messageLimits = messageLimits;
    }

    boolean isStarted() {
        return scanned > 0;
    }

    /// The bytes of the section that was parsed last.
    byte[] bytes() {
        return bytes;
    }

    int startLineLength() {
        return startLineLength;
    }

    /// The bytes of the section are not needed any more. What is larger than usual goes: a
    /// connection that is idle is not to hold it.
    void release() {
        if (bytes.length > USUAL_BYTES) {
            bytes = new byte[USUAL_BYTES];
        }
        if (lineEnds.length > USUAL_LINES) {
            lineEnds = new int[USUAL_LINES];
        }
    }

    /// Whether the buffer holds the whole section, its empty line included.
    ///
    /// @param startLine whether a start line precedes the fields
    boolean isComplete(ByteBuf in, boolean startLine) throws BadMessage {
        int base = in.readerIndex();
        while (true) {
            int lf = in.indexOf(base + scanned, in.writerIndex(), (byte) '\n');
            if (lf < 0) {
                scanned = in.readableBytes();
                checkLimits(startLine, scanned);
                return false;
            }
            int end = lf - base;
            if (end == 0 || in.getByte(lf - 1) != '\r') {
                throw new BadMessage(400, "a line ends with a bare line feed");
            }
            scanned = end + 1;
            checkLimits(startLine, scanned);
            if (end - 1 == lineStart && !(startLine && lines == 0)) {
                return true;
            }
            addLine(end - 1);
            lineStart = end + 1;
        }
    }

    private void checkLimits(boolean startLine, int size) throws BadMessage {
        if (startLine && lines == 0 && size > messageLimits.startLine() + 2) {
            throw new BadMessage(
                    414, "the request line is longer than " + messageLimits.startLine());
        }
        if (size > messageLimits.header()) {
            throw new BadMessage(431, "the header is larger than " + messageLimits.header());
        }
        int fields = startLine ? lines - 1 : lines;
        if (fields > messageLimits.fields()) {
            throw new BadMessage(431, "the header has more fields than " + messageLimits.fields());
        }
    }

    private void addLine(int end) {
        if (lines == lineEnds.length) {
            lineEnds = Arrays.copyOf(lineEnds, 2 * lines);
        }
        lineEnds[lines++] = end;
    }

    /// Consumes the section, after [#isComplete] found all of it.
    HttpFields parse(ByteBuf in, boolean startLine) throws BadMessage {
        int size = scanned;
        int count = lines;
        scanned = 0;
        lines = 0;
        lineStart = 0;
        if (bytes.length < size) {
            bytes = new byte[Math.max(size, 2 * bytes.length)];
        }
        in.readBytes(bytes, 0, size);
        int line = 0;
        int at = 0;
        if (startLine) {
            startLineLength = lineEnds[0];
            at = lineEnds[0] + 2;
            line = 1;
        }
        HttpFields httpFields = new HttpFields(count - line);
        for (; line < count; line++) {
            field(httpFields, at, lineEnds[line]);
            at = lineEnds[line] + 2;
        }
        return httpFields;
    }

    private void field(HttpFields httpFields, int from, int end) throws BadMessage {
        int colon = from;
        while (colon < end && HttpSyntax.isToken(bytes[colon])) {
            colon++;
        }
        if (colon == end || bytes[colon] != ':' || colon == from) {
            throw new BadMessage(400, problem(from, end));
        }
        int first = colon + 1;
        while (first < end && HttpSyntax.isBlank(bytes[first])) {
            first++;
        }
        int last = end;
        while (last > first && HttpSyntax.isBlank(bytes[last - 1])) {
            last--;
        }
        for (int i = first; i < last; i++) {
            if (!HttpSyntax.isFieldValue(bytes[i])) {
                throw new BadMessage(400, "a header field's value has a control character");
            }
        }
        int index = httpFields.size();
        httpFields.add(FieldNames.of(bytes, from, colon - from), value(index, first, last - first));
    }

    /// The messages of a connection differ little: a value that the last one had at the same place
    /// is the same instance, which may know itself as a String.
    private AsciiString value(int index, int from, int length) {
        if (index >= KEPT_FIELDS || length > KEPT_BYTES) {
            return new AsciiString(bytes, from, length, true);
        }
        AsciiString last = kept[index];
        if (last != null && isAt(last, from, length)) {
            return last;
        }
        AsciiString value = new AsciiString(bytes, from, length, true);
        kept[index] = value;
        return value;
    }

    private boolean isAt(AsciiString value, int from, int length) {
        return value.length() == length
                && Arrays.equals(value.array(), 0, length, bytes, from, from + length);
    }

    private String problem(int from, int end) {
        if (from < end && HttpSyntax.isBlank(bytes[from])) {
            return "a header line is folded"; // RFC 9112 5.2
        }
        return "a header field's name is malformed";
    }
}
