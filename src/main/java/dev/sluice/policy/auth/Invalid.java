package dev.sluice.policy.auth;

import dev.sluice.translate.Rejection;
import dev.sluice.translate.Result;
import java.io.Serial;

/// Ends the decoding of a section; [AuthKind] makes it the section's rejection.
final class Invalid extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final transient Rejection rejection;

    Invalid(String reason, String message) {
        super(message, null, false, false);
        this.rejection = new Rejection(reason, message);
    }

    /// @param field that is wrong
    static Invalid field(String field, String why) {
        return new Invalid("Invalid", field + ": " + why);
    }

    Rejection rejection() {
        return rejection;
    }

    /// What a reference leads to.
    static <T> T orThrow(Result<T> result) {
        T value = result.value();
        Rejection rejection = result.rejection();
        if (value == null) {
            throw rejection == null
                    ? new Invalid("Invalid", "nothing")
                    : new Invalid(rejection.reason(), rejection.message());
        }
        return value;
    }
}
