package dev.sluice.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// `x-kubernetes-list-type`: elements of a set differ, and so do those of a map in their keys.
final class ListTypes {

    private final List<Violation> violations = new ArrayList<>();

    private ListTypes() {}

    static List<Violation> check(JsonNode schema, JsonNode value, FieldPath path) {
        ListTypes lists = new ListTypes();
        lists.value(schema, value, path);
        return lists.violations;
    }

    private void value(JsonNode schema, JsonNode value, FieldPath path) {
        if (value.isArray()) {
            list(schema, value, path);
            return;
        }
        JsonNode values = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> each : value.properties()) {
            JsonNode own = schema.path("properties").path(each.getKey());
            value(own.isMissingNode() ? values : own, each.getValue(), path.field(each.getKey()));
        }
    }

    private void list(JsonNode schema, JsonNode list, FieldPath path) {
        String type = schema.path("x-kubernetes-list-type").asString("atomic");
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            if (!type.equals("atomic") && !seen.add(key(schema, element, type))) {
                violations.add(
                        Violation.of(
                                path.element(i), element, "is there already", "list: " + type));
            }
            value(schema.path("items"), element, path.element(i));
        }
    }

    private static Object key(JsonNode schema, JsonNode element, String type) {
        if (type.equals("set")) {
            return element;
        }
        List<JsonNode> key = new ArrayList<>();
        schema.path("x-kubernetes-list-map-keys")
                .forEach(name -> key.add(element.path(name.asString())));
        return key;
    }
}
