package dev.sluice.ir;

import java.util.List;
import java.util.stream.Collectors;

/// The matches of a rule as text that never changes: the identity of a rule without a name is a
/// hash of it, and cookies of sticky sessions are named after that identity.
///
/// The words are those of f3861d2, where they were the records' `toString()`. They are written out,
/// so that renaming a class or a component does not change them.
final class MatchText {

    private MatchText() {}

    /// The text of matches in their order.
    static String of(List<HttpMatch> matches) {
        return matches.stream().map(MatchText::of).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String of(HttpMatch match) {
        return "HttpMatch[path=%s, method=%s, headers=%s, query=%s]"
                .formatted(
                        of(match.path()),
                        match.method(),
                        values(match.headers()),
                        values(match.query()));
    }

    private static String of(PathMatch path) {
        String kind =
                switch (path) {
                    case PathMatch.Exact _ -> "Exact";
                    case PathMatch.Prefix _ -> "Prefix";
                    case PathMatch.Regex _ -> "Regex";
                };
        return kind + "[value=" + path.value() + "]";
    }

    private static String values(List<ValueMatch> values) {
        return values.stream().map(MatchText::of).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String of(ValueMatch value) {
        return "ValueMatch[name="
                + value.name()
                + ", value="
                + value.value()
                + ", regex="
                + value.regex()
                + "]";
    }
}
