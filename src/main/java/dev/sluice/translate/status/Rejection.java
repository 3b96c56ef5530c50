package dev.sluice.translate.status;

import dev.sluice.finding.Finding;
import dev.sluice.finding.FindingCode;
import dev.sluice.resource.Metadata;
import dev.sluice.resource.ObjectRef;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Why something that a user wrote is not served as written.
///
/// @param reason of the condition, such as `BackendNotFound`
/// @param message names the field and the value
/// @param code of the finding, which is more exact than the reason
public record Rejection(String reason, String message, FindingCode code) {

    /// One whose reason says it all.
    public Rejection(String reason, String message) {
        this(reason, message, FindingCode.ofReason(reason));
    }

    /// That of an object beyond the budget of its namespace, null when it is within.
    public static @Nullable Rejection excess(Metadata metadata) {
        String excess = metadata.excess();
        return excess == null ? null : new Rejection("NamespaceBudgetExceeded", excess);
    }

    /// That of what stands in the place of an object that was refused; null of all others.
    public static @Nullable Rejection refused(Metadata metadata) {
        String refusal = metadata.refusal();
        return refusal == null
                ? null
                : new Rejection(
                        "UnsupportedValue",
                        "is refused ("
                                + refusal
                                + ") and has no good version: what it names is closed",
                        FindingCode.REFUSED_OBJECT);
    }

    /// That of a part of an object in which a field stands that must not be skipped; null where
    /// there is none.
    ///
    /// @param part such as `spec.listeners[0]`
    public static @Nullable Rejection unsupported(Metadata metadata, String part) {
        return unsupported(metadata, field -> field.startsWith(part));
    }

    /// That of all parts of an object, for a field that stands in none of them.
    ///
    /// @param parts the beginning of each, such as `spec.listeners[`
    public static @Nullable Rejection unsupportedBeside(Metadata metadata, String parts) {
        return unsupported(metadata, field -> !field.startsWith(parts));
    }

    /// That for the first of the fields that must not be skipped.
    public static @Nullable Rejection unsupported(Metadata metadata, Predicate<String> which) {
        for (String field : metadata.unsupported()) {
            if (which.test(field)) {
                Rejection refused = refused(metadata);
                if (refused != null) {
                    return refused;
                }
                return new Rejection(
                        "UnsupportedValue",
                        field.substring(field.indexOf('.') + 1)
                                + ": the field is not supported, and must not be skipped");
            }
        }
        return null;
    }

    /// What the object's status says of it.
    ///
    /// @param parent of the field that the message begins with, such as `spec.`
    public Finding finding(ObjectRef object, String parent) {
        return Finding.of(code, object, parent, message);
    }

    /// Whether the reason is one of `ResolvedRefs`: a reference leads nowhere.
    public boolean isReference() {
        return switch (reason) {
            case "InvalidKind", "BackendNotFound", "RefNotPermitted", "UnsupportedProtocol" -> true;
            default -> false;
        };
    }
}
