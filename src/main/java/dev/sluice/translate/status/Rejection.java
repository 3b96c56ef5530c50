package dev.sluice.translate.status;

import dev.sluice.resource.Metadata;
import org.jspecify.annotations.Nullable;

/// Why something that a user wrote is not served as written.
///
/// @param reason of the condition, such as `BackendNotFound`
/// @param message names the field and the value
public record Rejection(String reason, String message) {

    /// That of an object beyond the budget of its namespace, null when it is within.
    public static @Nullable Rejection excess(Metadata metadata) {
        String excess = metadata.excess();
        return excess == null ? null : new Rejection("NamespaceBudgetExceeded", excess);
    }

    /// Whether the reason is one of `ResolvedRefs`: a reference leads nowhere.
    public boolean isReference() {
        return switch (reason) {
            case "InvalidKind", "BackendNotFound", "RefNotPermitted", "UnsupportedProtocol" -> true;
            default -> false;
        };
    }
}
