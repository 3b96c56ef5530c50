package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.ir.HttpFilter.PathRewrite;
import dev.sluice.ir.PathMatch;

/// The path after a rewrite.
final class PathChange {

    private PathChange() {}

    /// The new raw path. A prefix is replaced in the path as the client sent it; only where that
    /// does not start with the prefix (because the match saw it normalised) in the normalised one.
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
        String prefix = withoutSlash(matched);
        String raw = exchange.request().path();
        String path = PathMatch.Prefix.takes(matched, raw) ? raw : exchange.path();
        String rest = path.substring(prefix.length());
        String result = withoutSlash(replacement) + rest;
        return result.isEmpty() ? "/" : result;
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
