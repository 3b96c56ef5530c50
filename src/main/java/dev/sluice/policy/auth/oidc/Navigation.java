package dev.sluice.policy.auth.oidc;

import dev.sluice.http.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/// Tells requests by which a browser shows a page from those of scripts and programs, which could
/// make nothing of a redirect to a login.
final class Navigation {

    private static final AsciiString FETCH_MODE = AsciiString.cached("sec-fetch-mode");
    private static final AsciiString REQUESTED_WITH = AsciiString.cached("x-requested-with");

    private Navigation() {}

    /// By `Sec-Fetch-Mode` (Fetch Metadata Request Headers), or where a browser does not send it by
    /// what it accepts.
    static boolean is(RequestHead request) {
        HttpHeaders headers = request.headers();
        if (!request.method().equals("GET") && !request.method().equals("HEAD")
                || headers.contains(REQUESTED_WITH)) {
            return false;
        }
        String mode = headers.get(FETCH_MODE);
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        return mode != null
                ? mode.equals("navigate")
                : accept != null && accept.contains("text/html");
    }
}
