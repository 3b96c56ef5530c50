package dev.sluice.translate.status;

import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import org.jspecify.annotations.Nullable;

/// Conditions of Gateway API as values.
public final class Conditions {

    private Conditions() {}

    /// The condition that says that all is well, or that of the rejection.
    public static Condition of(ConditionType type, @Nullable Rejection rejection, long generation) {
        return rejection == null
                ? type.good("", generation)
                : type.bad(rejection.reason(), rejection.message(), generation);
    }
}
