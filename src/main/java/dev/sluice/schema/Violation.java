package dev.sluice.schema;

import tools.jackson.databind.JsonNode;

/// A rule that an object breaks.
///
/// @param path of the field
/// @param value that it has, as JSON, shortened; empty where it is missing
/// @param message for people
/// @param rule `schema: maxLength`, `list: map`, `metadata` or `CEL: …`
public record Violation(FieldPath path, String value, String message, String rule) {

    private static final int LONGEST = 100;

    static Violation of(FieldPath path, JsonNode value, String message, String rule) {
        String text = value.isMissingNode() ? "" : value.toString();
        return new Violation(path, shortened(text), message, shortened(rule));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    Violation withoutValue() {
        return new Violation(path, "", message, rule);
    }

    /// `"a<": does not match … (schema: pattern)`: without the field.
    public String text() {
        return (value.isEmpty() ? "" : value + ": ") + message + " (" + rule + ")";
    }

    /// `spec.hostnames[0]: "a<": does not match … (schema: pattern)`.
    @Override
    public String toString() {
        String at = path.parent() == null ? "" : path + ": ";
        return at + text();
    }
}
