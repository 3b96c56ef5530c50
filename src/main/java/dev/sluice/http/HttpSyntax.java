package dev.sluice.http;

/// What parts of a message are made of (RFC 9110 5.5, 5.6, 8.6, 9.1), whatever the version of HTTP.
public final class HttpSyntax {

    /// Digits of a length that fits a long.
    private static final int LONGEST = 18;

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

    private HttpSyntax() {}

    public static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /// Every registered method, and any like it. RFC 9110 9.1 allows all of a token; nginx and
    /// Envoy refuse the rest, and a backend may take `get` for `GET`.
    public static boolean isMethod(byte b) {
        return b >= 'A' && b <= 'Z' || b == '-' || b == '_';
    }

    public static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /// Visible characters, blanks, and bytes above 0x7f (obs-text).
    public static boolean isFieldValue(byte b) {
        return b >= ' ' && b != 0x7f || b < 0 || b == '\t';
    }

    /// Whether a text can stand in the place of a method.
    public static boolean isMethod(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > '_' || !isMethod((byte) c)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Whether a text is a token (RFC 9110 5.6.2), as names of fields are.
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || !isToken((byte) c)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Whether a text can stand in a field value without starting a new line.
    public static boolean isFieldValue(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    /// The length that a Content-Length says; -1 when it is none.
    public static long contentLength(CharSequence value) {
        if (value.isEmpty() || value.length() > LONGEST) {
            return -1;
        }
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            length = 10 * length + digit;
        }
        return length;
    }
}
