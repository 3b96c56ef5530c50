package dev.sluice.spring;

import dev.sluice.http.RequestHead;
import java.net.URI;
import java.net.URISyntaxException;

/// The bridge between a raw request target and the `java.net.URI` that Spring's filters see.
///
/// `URI` refuses characters that are seen in the wild, so they are percent-encoded for its sake.
/// What goes to the backend is the raw target as long as filters leave the URI alone, and the raw
/// query as long as they change only the path.
final class TargetUri {

    private static final String REFUSED = "|[]{}\"\\^<>` #";
    private static final String ANY_HOST = "host.invalid";

    private TargetUri() {}

    static URI of(RequestHead head) {
        String target = head.target().startsWith("/") ? head.target() : "/" + head.target();
        return URI.create(head.scheme() + "://" + authority(head.authority()) + encode(target));
    }

    /// The authority, if URI can parse it: with another one, a path that begins with `//` would be
    /// taken for an authority when a filter changes the path.
    private static String authority(String authority) {
        try {
            URI uri = new URI("http://" + authority);
            return uri.getHost() == null ? ANY_HOST : authority;
        } catch (URISyntaxException e) {
            return ANY_HOST;
        }
    }

    /// The target to send.
    ///
    /// @param original what [#of] made of the request
    /// @param now what the filters left
    static String target(RequestHead head, URI original, URI now) {
        if (now.equals(original)) {
            return head.target();
        }
        String path = now.getRawPath().isEmpty() ? "/" : now.getRawPath();
        String before = original.getRawQuery();
        String after = now.getRawQuery();
        if (after == null) {
            return path;
        }
        return path + "?" + (after.equals(before) ? head.query() : after);
    }

    private static String encode(String target) {
        StringBuilder out = null;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            boolean bad =
                    c <= ' '
                            || c >= 0x7f
                            || REFUSED.indexOf(c) >= 0
                            || c == '%' && !isEscape(target, i);
            if (bad && out == null) {
                out = new StringBuilder(target.length() + 16).append(target, 0, i);
            }
            if (out != null) {
                if (bad) {
                    out.append('%').append(hex(c >> 4)).append(hex(c));
                } else {
                    out.append(c);
                }
            }
        }
        return out == null ? target : out.toString();
    }

    private static boolean isEscape(String target, int at) {
        return at + 2 < target.length()
                && Character.digit(target.charAt(at + 1), 16) >= 0
                && Character.digit(target.charAt(at + 2), 16) >= 0;
    }

    private static char hex(int value) {
        return Character.toUpperCase(Character.forDigit(value & 0xf, 16));
    }
}
