package dev.sluice.translate;

/// Why something that a user wrote is not served as written.
///
/// @param reason of the condition, such as `BackendNotFound`
/// @param message names the field and the value
record Rejection(String reason, String message) {}
