package dev.sluice.schema;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What became of an object.
///
/// @param object without unknown fields, with defaults
/// @param unknown fields that were taken out
/// @param violations none when the object is accepted
public record Admission(ObjectNode object, List<FieldPath> unknown, List<Violation> violations) {

    public Admission {
        unknown = List.copyOf(unknown);
        violations = List.copyOf(violations);
    }

    public boolean isAccepted() {
        return violations.isEmpty();
    }
}
