package dev.sluice.route;

import dev.sluice.ir.ValueMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A compiled condition on a header field.
///
/// @param name in lower case
/// @param value the text, or the expression's text
/// @param boundedRegex what the whole value must match, null for equality
record HeaderCondition(String name, String value, @Nullable BoundedRegex boundedRegex) {

    /// The conditions that count: of equal names only the first one (HTTPHeaderMatch).
    static List<HeaderCondition> of(List<ValueMatch> matches, RegexCache regexCache) {
        if (matches.isEmpty()) {
            return List.of();
        }
        Set<String> names = new HashSet<>();
        List<HeaderCondition> conditions = new ArrayList<>(matches.size());
        for (ValueMatch match : matches) {
            String name = match.name().toLowerCase(Locale.ROOT);
            if (names.add(name)) {
                conditions.add(new HeaderCondition(name, match.value(), regexCache.valueOf(match)));
            }
        }
        return List.copyOf(conditions);
    }

    boolean takes(@Nullable String actual) {
        if (actual == null) {
            return false;
        }
        return boundedRegex == null ? value.equals(actual) : boundedRegex.matches(actual);
    }
}
