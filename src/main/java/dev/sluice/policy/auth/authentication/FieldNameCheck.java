package dev.sluice.policy.auth.authentication;

import dev.sluice.ir.FramingFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Names of header fields that a policy sets or removes.
public final class FieldNameCheck {

    private FieldNameCheck() {}

    /// The name in lower case.
    ///
    /// @param field of the policy, for the error
    public static String checked(String name, String field) {
        String problem = FramingFields.problem(name);
        if (problem != null) {
            throw InvalidSection.field(field, problem);
        }
        return name.toLowerCase(Locale.ROOT);
    }

    public static @Nullable String checkedIfThere(@Nullable String name, String field) {
        return name == null ? null : checked(name, field);
    }
}
