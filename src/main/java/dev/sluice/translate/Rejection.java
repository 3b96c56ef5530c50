package dev.sluice.translate;

/// Why something that a user wrote is not served as written.
///
/// @param reason of the condition, such as `BackendNotFound`
/// @param message names the field and the value
public record Rejection(String reason, String message) {

    /// Whether the reason is one of `ResolvedRefs`: a reference leads nowhere.
    boolean isReference() {
        return switch (reason) {
            case "InvalidKind", "BackendNotFound", "RefNotPermitted", "UnsupportedProtocol" -> true;
            default -> false;
        };
    }
}
