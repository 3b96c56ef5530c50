package dev.sluice.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conditions that a request must all meet.
///
/// @param path condition on the path
/// @param method the method, case-sensitive; null for every method
/// @param headers conditions on header fields; names are case-insensitive
/// @param query conditions on query parameters; names are case-sensitive
public record HttpMatch(
        PathMatch path, @Nullable String method, List<ValueMatch> headers, List<ValueMatch> query) {

    /// Takes every request.
    public static final HttpMatch ALL = new HttpMatch(PathMatch.ROOT, null, List.of(), List.of());

    public HttpMatch {
        headers = List.copyOf(headers);
        query = List.copyOf(query);
    }
}
