package dev.sluice.path;

import org.jspecify.annotations.Nullable;

/// The slow way to a [NormalizedPath]: reads a path that is not plain, once.
final class PathSpelling {

    private static final String UNRESERVED_MARKS = "-._~";
    // RFC 3986 3.3: what an element may hold beside letters, digits, marks and escapes.
    private static final String DELIMITERS = "!$&'()*+,;=:@";
    private static final boolean[] UNRESERVED = new boolean[128];
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c = 0; c < 128; c++) {
            UNRESERVED[c] = Character.isLetterOrDigit(c) || UNRESERVED_MARKS.indexOf(c) >= 0;
            PLAIN[c] = UNRESERVED[c] || DELIMITERS.indexOf(c) >= 0;
        }
    }

    private final String raw;
    private final StringBuilder path;

    PathSpelling(String raw) {
        this.raw = raw;
        path = new StringBuilder(raw.length() + 16);
    }

    /// Whether the path is normal as it stands: nothing to decode, merge or refuse.
    static boolean isPlain(String raw) {
        char before = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '/' || c == '.') {
                if (before == '/') {
                    return false;
                }
            } else if (c >= 128 || !PLAIN[c]) {
                return false;
            }
            before = c;
        }
        return true;
    }

    NormalizedPath normalised() {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            int octet = c;
            if (c == '%') {
                octet = escaped(i);
                i += 2;
            }
            String danger = danger(c, octet);
            if (danger != null) {
                return new NormalizedPath.Dangerous(danger);
            }
            append(c, octet);
        }
        String result = path.toString();
        return hasDotSegment(result)
                ? new NormalizedPath.Dangerous("path has a dot segment")
                : new NormalizedPath.Safe(result);
    }

    // The octet of the escape at i, -1 if it is none.
    private int escaped(int i) {
        if (i + 2 >= raw.length()) {
            return -1;
        }
        int high = digit(raw.charAt(i + 1));
        int low = digit(raw.charAt(i + 2));
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    private static int digit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static @Nullable String danger(char c, int octet) {
        if (octet < 0) {
            return "path has an invalid escape";
        }
        if (octet < ' ' || octet == 0x7F || c == ' ') {
            return "path has a control character or space";
        }
        // Never legal as they stand (RFC 3986 3.3), and some backends take them for '/' and the
        // end.
        if (c == '\\' || c == '#' || c == '?') {
            return "path has a '" + c + "'";
        }
        return octet > 0xFF ? "path has a character that is no octet" : null;
    }

    private void append(char c, int octet) {
        if (c == '/') {
            if (path.isEmpty() || path.charAt(path.length() - 1) != '/') {
                path.append(c);
            }
        } else if (octet < 128 && (c == '%' ? UNRESERVED[octet] : PLAIN[octet])) {
            path.append((char) octet);
        } else {
            path.append('%').append(hex(octet >> 4)).append(hex(octet & 0xF));
        }
    }

    private static char hex(int digit) {
        return (char) (digit < 10 ? '0' + digit : 'A' + digit - 10);
    }

    // Some backends decode escapes before they split the path, and drop path parameters (";x"), so
    // "..%2F" and "..;x" are dot segments to them.
    private static boolean hasDotSegment(String path) {
        int start = 0;
        while (start < path.length()) {
            int end = start;
            while (end < path.length() && !endsName(path, end)) {
                end++;
            }
            if (end - start <= 2 && end > start && isDots(path, start, end)) {
                return true;
            }
            while (end < path.length() && separator(path, end) == 0) {
                end++;
            }
            start = end < path.length() ? end + separator(path, end) : end;
        }
        return false;
    }

    private static boolean isDots(String path, int start, int end) {
        return path.charAt(start) == '.' && path.charAt(end - 1) == '.';
    }

    private static boolean endsName(String path, int i) {
        return path.charAt(i) == ';' || path.startsWith("%3B", i) || separator(path, i) > 0;
    }

    // Length of the separator of elements at i, 0 if there is none.
    private static int separator(String path, int i) {
        if (path.charAt(i) == '/') {
            return 1;
        }
        return path.startsWith("%2F", i) || path.startsWith("%5C", i) ? 3 : 0;
    }
}
