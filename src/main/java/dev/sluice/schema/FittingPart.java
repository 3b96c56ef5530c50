package dev.sluice.schema;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// What of an object fits its schema: fields and elements that do not are left out, and with them
/// what cannot be without them. CEL rules, and how many elements a list may have, do not count.
final class FittingPart {

    /// Each round may show that something is missing now, so at most the depth of an object.
    private static final int ROUNDS = 12;

    private static final String FORM = "schema: ";

    private static final List<String> COUNTS =
            List.of(FORM + "maxItems", FORM + "minItems", FORM + "uniqueItems");

    private FittingPart() {}

    static ObjectNode of(Function<ObjectNode, Admission> schema, ObjectNode document) {
        ObjectNode object = document;
        for (int round = 0; round < ROUNDS; round++) {
            Admission admission = schema.apply(object);
            object = admission.object();
            boolean changed = false;
            for (Violation violation : admission.violations()) {
                boolean form = violation.rule().startsWith(FORM);
                if (form && !COUNTS.contains(violation.rule())) {
                    changed |= leaveOut(object, violation.path());
                }
            }
            if (!changed) {
                break;
            }
            compact(object);
        }
        return object;
    }

    /// Whether there was anything to leave out.
    private static boolean leaveOut(ObjectNode object, FieldPath path) {
        FieldPath at = path;
        while (at.parent() != null && at.of(object).isMissingNode()) {
            at = at.parent();
        }
        FieldPath parent = at.parent();
        if (parent == null || parent.parent() == null) {
            return false; // never the spec as a whole
        }
        if (parent.of(object) instanceof ObjectNode in && at.name() != null) {
            in.remove(at.name());
            return true;
        }
        if (parent.of(object) instanceof ArrayNode in) {
            in.set(at.index(), NullNode.getInstance());
            return true;
        }
        return false;
    }

    private static void compact(JsonNode value) {
        if (value instanceof ArrayNode list) {
            for (int i = list.size() - 1; i >= 0; i--) {
                if (list.path(i).isNull()) {
                    list.remove(i);
                }
            }
        }
        value.forEach(FittingPart::compact);
    }
}
