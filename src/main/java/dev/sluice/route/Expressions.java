package dev.sluice.route;

import dev.sluice.ir.ValueMatch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The expressions of one compile: one instance per text, so that a search that meets the same
/// expression twice in a row knows its result.
final class Expressions {

    private final Map<String, Expression> byText = new HashMap<>();

    Expression of(String text) {
        return byText.computeIfAbsent(text, Expression::new);
    }

    @Nullable Expression valueOf(ValueMatch match) {
        return match.regex() ? of(match.value()) : null;
    }
}
