package dev.sluice.policy.ratelimit;

import java.io.Serial;

/// Ends the decoding of a section.
final class InvalidField extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    /// @param field that is wrong, with its section
    InvalidField(String field, String why) {
        super(field + ": " + why, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
