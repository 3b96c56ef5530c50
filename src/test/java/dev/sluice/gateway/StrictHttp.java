package dev.sluice.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A second opinion on where HTTP/1.1 requests end (RFC 9112), made of regular expressions and
/// written without a look at the parser of the gateway.
final class StrictHttp {

    private static final Pattern HEAD =
            Pattern.compile(
                    "(?<method>[A-Z_-]+) (?<target>[\\x21-\\x7e\\x80-\\xff]+) HTTP/1\\.(?<minor>[01])\r\n"
                            + "(?<fields>(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\x20-\\x7e\\x80-\\xff\t]*\r\n)*+)\r\n");
    private static final Pattern FIELD = Pattern.compile("([^:]+):[ \t]*(.*?)[ \t]*\r\n");
    private static final Pattern CHUNK =
            Pattern.compile("([0-9A-Fa-f]{1,15})([ \t]*;[\\x20-\\x7e\\x80-\\xff\t]*)?\r\n");
    private static final Pattern TRAILERS =
            Pattern.compile(
                    "(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\x20-\\x7e\\x80-\\xff\t]*\r\n)*+\r\n");

    /// The bytes break the protocol.
    static final int MALFORMED = -1;

    /// The bytes are the start of a request at most.
    static final int INCOMPLETE = -2;

    private final String bytes;

    StrictHttp(byte[] bytes, int length) {
        this.bytes = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    /// Where the request ends that begins there.
    int end(int from) {
        Matcher head = HEAD.matcher(bytes).region(from, bytes.length());
        if (!head.lookingAt()) {
            return bytes.indexOf("\r\n\r\n", from) < 0 ? INCOMPLETE : MALFORMED;
        }
        int hosts = 0;
        int lengths = 0;
        int codings = 0;
        String length = "0";
        String coding = "";
        Matcher field = FIELD.matcher(head.group("fields"));
        while (field.find()) {
            switch (field.group(1).toLowerCase(Locale.ROOT)) {
                case "host" -> hosts++;
                case "content-length" -> {
                    lengths++;
                    length = field.group(2);
                }
                case "transfer-encoding" -> {
                    codings++;
                    coding = field.group(2);
                }
                default -> {}
            }
        }
        boolean old = head.group("minor").equals("0");
        if (hosts > 1
                || hosts == 0 && !old
                || lengths + codings > 1
                || codings == 1 && (old || !coding.equalsIgnoreCase("chunked"))
                || !length.matches("[0-9]{1,18}")) {
            return MALFORMED;
        }
        if (codings == 1) {
            return endOfChunks(head.end());
        }
        long end = head.end() + Long.parseLong(length);
        return end > bytes.length() ? INCOMPLETE : (int) end;
    }

    private int endOfChunks(int from) {
        int at = from;
        while (true) {
            Matcher chunk = CHUNK.matcher(bytes).region(at, bytes.length());
            if (!chunk.lookingAt()) {
                return bytes.indexOf("\n", at) < 0 ? INCOMPLETE : MALFORMED;
            }
            long size = Long.parseLong(chunk.group(1), 16);
            at = chunk.end();
            if (size == 0) {
                Matcher trailers = TRAILERS.matcher(bytes).region(at, bytes.length());
                return trailers.lookingAt()
                        ? trailers.end()
                        : bytes.indexOf("\r\n\r\n", at) < 0 ? INCOMPLETE : MALFORMED;
            }
            if (size > bytes.length() - at - 2) {
                return INCOMPLETE;
            }
            at += (int) size;
            if (!bytes.startsWith("\r\n", at)) {
                return MALFORMED;
            }
            at += 2;
        }
    }

    /// How many requests a connection with these bytes holds, up to the first that is malformed. An
    /// unfinished one counts: its head may be forwarded.
    int requests() {
        int count = 0;
        int at = 0;
        while (at < bytes.length()) {
            // RFC 9112 2.2: an empty line before a request is skipped.
            int from = bytes.startsWith("\r\n", at) ? at + 2 : at;
            if (from == bytes.length()) {
                return count;
            }
            at = end(from);
            if (at < 0) {
                Matcher head = HEAD.matcher(bytes).region(from, bytes.length());
                return head.lookingAt() ? count + 1 : count;
            }
            count++;
        }
        return count;
    }
}
