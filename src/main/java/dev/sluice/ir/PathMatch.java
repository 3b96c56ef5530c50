package dev.sluice.ir;

/// A condition on the path of a request, without its query.
public sealed interface PathMatch {

    /// Prefix `/`: every path.
    PathMatch ROOT = new Prefix("/");

    /// The text as the user wrote it.
    String value();

    /// Exactly this path, case-sensitive, trailing slash included.
    record Exact(String value) implements PathMatch {}

    /// This path or one below it, by whole path elements; a trailing slash of the value has no
    /// meaning (`/v2` and `/v2/` take `/v2` and `/v2/a`, not `/v2a`).
    record Prefix(String value) implements PathMatch {

        /// Whether a prefix takes a path.
        public static boolean takes(String prefix, String path) {
            int length = prefix.endsWith("/") ? prefix.length() - 1 : prefix.length();
            return path.regionMatches(0, prefix, 0, length)
                    && (path.length() == length || path.charAt(length) == '/');
        }
    }

    /// The whole path matches this regular expression (`java.util.regex`).
    record Regex(String value) implements PathMatch {}
}
