package dev.sluice.translate.status;

import dev.sluice.resource.Condition;
import org.jspecify.annotations.Nullable;

/// Conditions of Gateway API as values.
public final class Conditions {

    private Conditions() {}

    /// True with its usual reason, or false with the rejection's.
    public static Condition of(
            String type, String reason, @Nullable Rejection rejection, long generation) {
        return rejection == null
                ? new Condition(type, true, reason, "", generation)
                : new Condition(type, false, rejection.reason(), rejection.message(), generation);
    }
}
