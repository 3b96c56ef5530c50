package dev.sluice.http.http1;

import io.netty.util.AsciiString;
import java.util.List;

/// Shared instances of the field names that most messages have, in the case in which they came, so
/// that a head costs no copy and no hash of them.
final class FieldNames {

    private static final List<String> COMMON =
            List.of(
                    "Accept",
                    "Accept-Charset",
                    "Accept-Encoding",
                    "Accept-Language",
                    "Accept-Ranges",
                    "Access-Control-Allow-Credentials",
                    "Access-Control-Allow-Headers",
                    "Access-Control-Allow-Methods",
                    "Access-Control-Allow-Origin",
                    "Access-Control-Expose-Headers",
                    "Access-Control-Max-Age",
                    "Access-Control-Request-Headers",
                    "Access-Control-Request-Method",
                    "Age",
                    "Allow",
                    "Alt-Svc",
                    "Authorization",
                    "Cache-Control",
                    "Connection",
                    "Content-Disposition",
                    "Content-Encoding",
                    "Content-Language",
                    "Content-Length",
                    "Content-Location",
                    "Content-Range",
                    "Content-Security-Policy",
                    "Content-Type",
                    "Cookie",
                    "DNT",
                    "Date",
                    "ETag",
                    "Expect",
                    "Expires",
                    "Forwarded",
                    "From",
                    "Host",
                    "If-Match",
                    "If-Modified-Since",
                    "If-None-Match",
                    "If-Range",
                    "If-Unmodified-Since",
                    "Keep-Alive",
                    "Last-Modified",
                    "Link",
                    "Location",
                    "Origin",
                    "Pragma",
                    "Priority",
                    "Range",
                    "Referer",
                    "Referrer-Policy",
                    "Retry-After",
                    "Sec-Fetch-Dest",
                    "Sec-Fetch-Mode",
                    "Sec-Fetch-Site",
                    "Sec-Fetch-User",
                    "Server",
                    "Set-Cookie",
                    "Strict-Transport-Security",
                    "TE",
                    "Trailer",
                    "Transfer-Encoding",
                    "Upgrade",
                    "Upgrade-Insecure-Requests",
                    "User-Agent",
                    "Vary",
                    "Via",
                    "WWW-Authenticate",
                    "X-Content-Type-Options",
                    "X-Forwarded-For",
                    "X-Forwarded-Host",
                    "X-Forwarded-Port",
                    "X-Forwarded-Proto",
                    "X-Frame-Options",
                    "X-Real-IP",
                    "X-Request-Id",
                    "X-Requested-With",
                    "b3",
                    "grpc-accept-encoding",
                    "grpc-encoding",
                    "grpc-message",
                    "grpc-status",
                    "grpc-timeout",
                    "traceparent",
                    "tracestate");

    private static final int SIZE = 1024;
    private static final AsciiString[] TABLE = new AsciiString[SIZE];

    static {
        for (String name : COMMON) {
            put(AsciiString.cached(name));
            put(AsciiString.cached(name).toLowerCase());
        }
    }

    private FieldNames() {}

    private static void put(AsciiString name) {
        int slot = slot(name.array(), name.arrayOffset(), name.length());
        while (TABLE[slot] != null) {
            slot = (slot + 1) % SIZE;
        }
        TABLE[slot] = name;
    }

    /// The name that stands at a place of an array.
    static AsciiString of(byte[] bytes, int from, int length) {
        for (int slot = slot(bytes, from, length); TABLE[slot] != null; slot = (slot + 1) % SIZE) {
            if (equals(TABLE[slot], bytes, from, length)) {
                return TABLE[slot];
            }
        }
        return new AsciiString(bytes, from, length, true);
    }

    private static boolean equals(AsciiString name, byte[] bytes, int from, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.byteAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] bytes, int from, int length) {
        int hash = 31 * length + bytes[from];
        hash = 31 * hash + bytes[from + length / 2];
        hash = 31 * hash + bytes[from + length - 1];
        return (hash & Integer.MAX_VALUE) % SIZE;
    }
}
