package dev.sluice.route;

import dev.sluice.ir.ValueMatch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The expressions of one compile: one instance per text, so that a search that meets the same
/// expression twice in a row knows its result.
final class RegexCache {

    private final Map<String, BoundedRegex> byText = new HashMap<>();

    BoundedRegex of(String text) {
        return byText.computeIfAbsent(text, BoundedRegex::new);
    }

    @Nullable BoundedRegex valueOf(ValueMatch match) {
        return match.regex() ? of(match.value()) : null;
    }
}
