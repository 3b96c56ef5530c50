package dev.sluice.http;

import java.util.Locale;

/// `host [ ":" port ]` of RFC 3986 3.2, as it stands in `Host` and `:authority`.
public final class Authority {

    private Authority() {}

    /// The host in lower case, without port and without the trailing dot of an absolute name.
    public static String host(String authority) {
        int end = portColon(authority);
        if (end < 0) {
            end = authority.length();
        }
        if (end > 1 && authority.charAt(end - 1) == '.') {
            end--;
        }
        return authority.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /// Without the colon of an empty port, which means the default one (RFC 3986 3.2.3).
    public static String withoutEmptyPort(String authority) {
        return authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
    }

    /// Whether it is made of the characters of a host and, behind a colon, digits. User information
    /// (`user@host`) is not part of an authority in HTTP (RFC 9110 4.2.4).
    public static boolean isValid(String authority) {
        int colon = portColon(authority);
        int end = colon < 0 ? authority.length() : colon;
        if (end == 0) {
            return colon < 0;
        }
        for (int i = end + 1; i < authority.length(); i++) {
            if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
                return false;
            }
        }
        if (authority.charAt(0) == '[') {
            return isAddressLiteral(authority, end);
        }
        return isName(authority, end);
    }

    /// Labels with a dot between each two, and one at the end of an absolute name.
    private static boolean isName(String authority, int end) {
        boolean inLabel = false;
        for (int i = 0; i < end; i++) {
            char c = authority.charAt(i);
            if (!isHostCharacter(c) || c == '.' && !inLabel) {
                return false;
            }
            inLabel = c != '.';
        }
        return true;
    }

    private static boolean isAddressLiteral(String authority, int end) {
        if (authority.charAt(end - 1) != ']' || end < 4) {
            return false;
        }
        for (int i = 1; i < end - 1; i++) {
            char c = authority.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHostCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_';
    }

    private static int portColon(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }
}
