package dev.sluice.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Brings an object into the form of its structural schema, in place: fields that the schema does
/// not know and null values go, defaults come.
final class StructuralSchema {

    private final List<FieldPath> unknown = new ArrayList<>();

    private StructuralSchema() {}

    /// The fields that were taken out of a value.
    static List<FieldPath> apply(JsonNode schema, JsonNode value, FieldPath path) {
        StructuralSchema structuralSchema = new StructuralSchema();
        structuralSchema.value(schema, value, path);
        return structuralSchema.unknown;
    }

    private void value(JsonNode schema, JsonNode value, FieldPath path) {
        if (value instanceof ObjectNode object && schema.path("properties").isObject()) {
            object(schema, object, path);
        } else if (value instanceof ObjectNode map) {
            JsonNode values = schema.path("additionalProperties");
            map.properties()
                    .forEach(each -> value(values, each.getValue(), path.field(each.getKey())));
        } else if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                value(schema.path("items"), list.get(i), path.element(i));
            }
        }
    }

    private void object(JsonNode schema, ObjectNode object, FieldPath path) {
        JsonNode known = schema.path("properties");
        boolean keeps = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
        for (String name : List.copyOf(object.propertyNames())) {
            if (object.path(name).isNull()) {
                object.remove(name);
            } else if (!known.has(name) && !keeps) {
                unknown.add(path.field(name));
                object.remove(name);
            }
        }
        for (Map.Entry<String, JsonNode> property : known.properties()) {
            String name = property.getKey();
            JsonNode standard = property.getValue().path("default");
            if (!object.has(name) && !standard.isMissingNode()) {
                object.set(name, standard.deepCopy());
            }
            if (object.has(name)) {
                value(property.getValue(), object.path(name), path.field(name));
            }
        }
    }
}
