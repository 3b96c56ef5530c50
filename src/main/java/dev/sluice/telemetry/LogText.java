package dev.sluice.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/// Lines of a log as bytes of ASCII, written without garbage: there is one for each request.
public final class LogText {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private byte[] bytes = new byte[1024];
    private int size;
    private long second = Long.MIN_VALUE;
    private String secondText = "";

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    LogText character(char c) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) c;
        return this;
    }

    /// @param text ASCII
    LogText text(String text) {
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        return this;
    }

    /// In quotes. What was read from the wire are octets as ISO-8859-1; those above 127 are
    /// escaped, too.
    void quoted(String text) {
        character('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                character('\\').character(c);
            } else if (c < ' ' || c >= 0x7f) {
                text("\\u").character(HEX[c >> 12]).character(HEX[c >> 8 & 15]);
                character(HEX[c >> 4 & 15]).character(HEX[c & 15]);
            } else {
                character(c);
            }
        }
        character('"');
    }

    /// @param value 0 or more
    LogText number(long value) {
        if (value >= 10) {
            number(value / 10);
        }
        return character((char) ('0' + value % 10));
    }

    private LogText three(long value) {
        character((char) ('0' + value / 100 % 10));
        character((char) ('0' + value / 10 % 10));
        return character((char) ('0' + value % 10));
    }

    /// Milliseconds with three decimals.
    void millis(long nanos) {
        long micros = (nanos + 500) / 1000;
        number(micros / 1000).character('.').three(micros % 1000);
    }

    /// RFC 3339 with milliseconds.
    ///
    /// @param millis since 1970
    void time(long millis) {
        long whole = Math.floorDiv(millis, 1000L);
        if (whole != second) {
            second = whole;
            secondText = SECONDS.format(Instant.ofEpochSecond(whole));
        }
        text(secondText).character('.').three(Math.floorMod(millis, 1000L)).character('Z');
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.US_ASCII);
    }
}
