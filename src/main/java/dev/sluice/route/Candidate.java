package dev.sluice.route;

import dev.sluice.ir.HttpMatch;
import dev.sluice.ir.HttpRule;
import dev.sluice.ir.PathMatch;
import dev.sluice.path.NormalizedPath;
import dev.sluice.path.PathReading;
import dev.sluice.path.PathTraits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One match of a rule, compiled.
///
/// @param routeEntry what is found when it wins
/// @param index of the match in its rule
/// @param guards of the rule
/// @param path the path to compare with: normalised as requests' paths are, a prefix without its
///   trailing slash (so empty for `/`), or the text of the expression
/// @param boundedRegex of the path, null unless the path is one
/// @param headers conditions that count
/// @param query conditions that count
record Candidate<R>(
        RouteEntry<R> routeEntry,
        int index,
        Guards guards,
        String path,
        @Nullable BoundedRegex boundedRegex,
        List<HeaderCondition> headers,
        List<QueryCondition> query) {

    static <R> Candidate<R> of(
            HttpRule rule, int index, Guards guards, R target, RegexCache regexCache) {
        HttpMatch match = rule.matches().get(index);
        return new Candidate<>(
                new RouteEntry<>(rule, match, target),
                index,
                guards,
                pathOf(match.path()),
                match.path() instanceof PathMatch.Regex(String text) ? regexCache.of(text) : null,
                HeaderCondition.of(match.headers(), regexCache),
                QueryCondition.of(match.query(), regexCache));
    }

    private static String pathOf(PathMatch path) {
        return switch (path) {
            case PathMatch.Exact(String value) -> normalised(value);
            case PathMatch.Prefix(String value) -> withoutLastSlash(normalised(value));
            case PathMatch.Regex(String text) -> text;
        };
    }

    // A dangerous value stays as it is: no request has such a path, so it never matches.
    private static String normalised(String value) {
        return switch (NormalizedPath.of(value)) {
            case NormalizedPath.Safe(String path) -> path;
            case NormalizedPath.Dangerous _ -> value;
        };
    }

    private static String withoutLastSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /// What in the path backends read in several ways, as of [PathTraits]. Of an expression only
    /// that letters have a case is known.
    int traits() {
        if (match().path() instanceof PathMatch.Regex) {
            return PathTraits.of(path) & PathTraits.LETTERS;
        }
        boolean safe = NormalizedPath.of(path) instanceof NormalizedPath.Safe;
        return safe ? PathTraits.of(path) : 0;
    }

    /// The same with the path as a backend reads it.
    Candidate<R> readBy(PathReading reading) {
        boolean prefix = match().path() instanceof PathMatch.Prefix;
        String read = boundedRegex != null ? path : reading.read(path);
        return new Candidate<>(
                routeEntry,
                index,
                guards,
                prefix ? withoutLastSlash(read) : read,
                boundedRegex != null && reading.letters()
                        ? boundedRegex.ignoringCase()
                        : boundedRegex,
                headers,
                query);
    }

    HttpMatch match() {
        return routeEntry.match();
    }

    /// Whether the path's condition is met.
    boolean takesPath(String actual) {
        return switch (match().path()) {
            case PathMatch.Exact _ -> path.equals(actual);
            case PathMatch.Prefix _ ->
                    actual.startsWith(path)
                            && (path.isEmpty()
                                    || path.length() == actual.length()
                                    || actual.charAt(path.length()) == '/');
            case PathMatch.Regex _ -> boundedRegex != null && boundedRegex.matches(actual);
        };
    }

    /// Whether all conditions other than the path's are met.
    boolean takes(RequestView request) {
        String method = routeEntry.match().method();
        return (method == null || method.equals(request.method()))
                && takesHeaders(request)
                && takesQuery(request);
    }

    private boolean takesHeaders(RequestView request) {
        for (int i = 0; i < headers.size(); i++) {
            HeaderCondition condition = headers.get(i);
            if (!condition.takes(request.header(condition.name()))) {
                return false;
            }
        }
        return true;
    }

    private boolean takesQuery(RequestView request) {
        for (int i = 0; i < query.size(); i++) {
            if (!query.get(i).takes(request.query())) {
                return false;
            }
        }
        return true;
    }
}
