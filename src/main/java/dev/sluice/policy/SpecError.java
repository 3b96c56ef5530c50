package dev.sluice.policy;

import dev.sluice.translate.status.Rejection;
import dev.sluice.translate.status.Result;
import java.io.Serial;

/// Ends the decoding of a section; [SpecReader#decode] makes it the section's rejection.
public final class SpecError extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final transient Rejection rejection;

    SpecError(Rejection rejection) {
        super(rejection.message(), null, false, false);
        this.rejection = rejection;
    }

    Rejection rejection() {
        return rejection;
    }

    /// What a reference leads to.
    ///
    /// @throws SpecError when it leads nowhere
    public static <T> T orThrow(Result<T> result) {
        T value = result.value();
        Rejection rejection = result.rejection();
        if (value == null) {
            throw new SpecError(
                    rejection == null ? new Rejection("Invalid", "nothing") : rejection);
        }
        return value;
    }
}
