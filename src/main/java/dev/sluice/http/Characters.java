package dev.sluice.http;

/// Character classes of RFC 9110 5.6.
final class Characters {

    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Characters() {}

    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /// Every registered method, and any like it. RFC 9110 9.1 allows all of a token; nginx and
    /// Envoy refuse the rest, and a backend may take `get` for `GET`.
    static boolean isMethod(byte b) {
        return b >= 'A' && b <= 'Z' || b == '-' || b == '_';
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /// Visible characters, blanks, and bytes above 0x7f (obs-text).
    static boolean isFieldValue(byte b) {
        return b >= ' ' && b != 0x7f || b < 0 || b == '\t';
    }
}
