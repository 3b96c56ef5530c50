package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.ir.HttpFilter.PathRewrite;
import dev.sluice.ir.PathMatch;
import dev.sluice.path.NormalizedPath;

/// The path after a rewrite.
final class PathChange {

    private PathChange() {}

    /// The new raw path. A prefix takes the place of the elements that matched, however the client
    /// spelt them (`/%61`, `//a`); what follows them stays as it was sent.
    static String apply(PathRewrite rewrite, Exchange exchange) {
        return switch (rewrite) {
            case PathRewrite.Full(var value) -> value;
            case PathRewrite.Prefix(var value) ->
                    exchange.match().path() instanceof PathMatch.Prefix(var matched)
                            ? replace(matched, value, exchange)
                            : exchange.request().path();
        };
    }

    private static String replace(String matched, String replacement, Exchange exchange) {
        String result = withoutSlash(replacement) + rest(matched, exchange);
        return result.isEmpty() ? "/" : result;
    }

    /// What follows the prefix: empty, or with a slash at its beginning and none behind that.
    private static String rest(String matched, Exchange exchange) {
        String raw = exchange.request().path();
        int elements = elements(matched);
        // A stage before this one may have changed the path: then it has no prefix to replace.
        String path = isPrefix(matched, raw, elements) ? raw : exchange.path();
        return path.substring(lastSlash(path, end(path, elements)));
    }

    private static boolean isPrefix(String matched, String raw, int elements) {
        return PathMatch.Prefix.takes(matched, raw)
                || NormalizedPath.of(raw.substring(0, end(raw, elements)))
                                instanceof NormalizedPath.Safe(var read)
                        && NormalizedPath.of(matched) instanceof NormalizedPath.Safe(var prefix)
                        && PathMatch.Prefix.takes(prefix, read);
    }

    private static int elements(String prefix) {
        int elements = 0;
        for (int i = 1; i < prefix.length(); i++) {
            if (prefix.charAt(i) != '/' && prefix.charAt(i - 1) == '/') {
                elements++;
            }
        }
        return elements;
    }

    /// Where so many elements end; adjacent slashes are one.
    private static int end(String path, int elements) {
        int at = 0;
        for (int i = 0; i < elements; i++) {
            while (at < path.length() && path.charAt(at) == '/') {
                at++;
            }
            while (at < path.length() && path.charAt(at) != '/') {
                at++;
            }
        }
        return at;
    }

    /// The last of the adjacent slashes from here on; here where there is none.
    private static int lastSlash(String path, int from) {
        int at = from;
        while (at + 1 < path.length() && path.charAt(at) == '/' && path.charAt(at + 1) == '/') {
            at++;
        }
        return at;
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
