package dev.sluice.path;

/// The form of a request's path that rules are matched with. The backend gets the path as it was
/// received; so two spellings that a backend takes for the same path have to be the same path here,
/// or a client could choose the rule, and with it the policies, by spelling.
///
/// - Escapes of unreserved characters are decoded, other escapes get upper-case digits (RFC 3986
///   6.2.2), characters that a path cannot hold count as their escape.
/// - Adjacent slashes are one.
/// - `%2F` and `%5C` are text within their element.
/// - What can have no harmless reading is [Dangerous] and gets 400: dot segments in any spelling,
///   invalid escapes, control characters, `\` and `#`.
public sealed interface NormalizedPath {

    /// Good to match.
    ///
    /// @param path starts with `/`, or is `*`; the given instance if there was nothing to do
    record Safe(String path) implements NormalizedPath {}

    /// Not to be served.
    ///
    /// @param reason one line, for the answer to the client
    record Dangerous(String reason) implements NormalizedPath {}

    /// Normalises a path.
    ///
    /// @param raw the path of the request target, without query, one character per octet
    static NormalizedPath of(String raw) {
        // RFC 9112 3.2.4: the target of a server-wide OPTIONS.
        if (raw.equals("*")) {
            return new Safe(raw);
        }
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            return new Dangerous("path does not start with '/'");
        }
        return PathSpelling.isPlain(raw) ? new Safe(raw) : new PathSpelling(raw).normalised();
    }
}
