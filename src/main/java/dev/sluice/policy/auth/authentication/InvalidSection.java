package dev.sluice.policy.auth.authentication;

import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.io.Serial;

/// Ends the decoding of a section; [AuthKind] makes it the section's rejection.
public final class InvalidSection extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final transient Rejection rejection;

    InvalidSection(String reason, String message) {
        super(message, null, false, false);
        this.rejection = new Rejection(reason, message);
    }

    /// @param field that is wrong
    public static InvalidSection field(String field, String why) {
        return new InvalidSection("Invalid", field + ": " + why);
    }

    public Rejection rejection() {
        return rejection;
    }

    /// What a reference leads to.
    public static <T> T orThrow(Result<T> result) {
        T value = result.value();
        Rejection rejection = result.rejection();
        if (value == null) {
            throw rejection == null
                    ? new InvalidSection("Invalid", "nothing")
                    : new InvalidSection(rejection.reason(), rejection.message());
        }
        return value;
    }
}
