package dev.sluice.http;

import dev.sluice.ir.FramingFields;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Trailer fields that are passed on. A recipient may merge trailers into the header (RFC 9110
/// 6.5.1), so those that frame, route, authenticate or describe a message are dropped, in both
/// directions.
public final class Trailers {

    private static final Set<String> DROPPED =
            Set.of(
                    "authorization",
                    "proxy-authorization",
                    "www-authenticate",
                    "proxy-authenticate",
                    "cookie",
                    "set-cookie",
                    "location",
                    "cache-control",
                    "forwarded",
                    "x-real-ip");

    private static final List<String> PREFIXES = List.of("content-", "x-forwarded-");

    private Trailers() {}

    /// Removes what must not be a trailer.
    public static void strip(HttpHeaders trailers) {
        if (trailers.isEmpty()) {
            return;
        }
        List<String> dropped = new ArrayList<>(0);
        for (String name : trailers.names()) {
            if (isDropped(name)) {
                dropped.add(name);
            }
        }
        dropped.forEach(trailers::remove);
    }

    private static boolean isDropped(String name) {
        // Some servers do not distinguish an underscore from a hyphen (CGI, WSGI).
        String lower = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return FramingFields.contains(lower)
                || DROPPED.contains(lower)
                || PREFIXES.stream().anyMatch(lower::startsWith);
    }
}
