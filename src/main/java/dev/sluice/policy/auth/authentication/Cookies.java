package dev.sluice.policy.auth.authentication;

import dev.sluice.http.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayList;
import java.util.List;

/// The cookies of a request (RFC 6265 4.2.1), as `name=value`.
public final class Cookies {

    private Cookies() {}

    public static List<String> pairs(RequestHead request) {
        List<String> pairs = new ArrayList<>();
        for (String field : request.headers().getAll(HttpHeaderNames.COOKIE)) {
            for (String pair : field.split(";", -1)) {
                pairs.add(pair.trim());
            }
        }
        return pairs;
    }

    /// Removes cookies by their names, and leaves the others as they are.
    public static void remove(RequestHead request, List<String> names) {
        List<String> kept = new ArrayList<>();
        for (String pair : pairs(request)) {
            if (names.stream().noneMatch(name -> pair.startsWith(name + "="))) {
                kept.add(pair);
            }
        }
        if (kept.isEmpty()) {
            request.headers().remove(HttpHeaderNames.COOKIE);
        } else {
            request.headers().set(HttpHeaderNames.COOKIE, String.join("; ", kept));
        }
    }
}
