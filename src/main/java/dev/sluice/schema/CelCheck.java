package dev.sluice.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Evaluates the CEL rules of a schema on a value, from the leaves up.
final class CelCheck {

    // Kubernetes renames properties that CEL cannot name.
    private static final Set<String> RESERVED =
            Set.of(
                    "true",
                    "false",
                    "null",
                    "in",
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "for",
                    "function",
                    "if",
                    "import",
                    "let",
                    "loop",
                    "package",
                    "namespace",
                    "return",
                    "var",
                    "void",
                    "while");

    private final List<Violation> violations = new ArrayList<>();

    private CelCheck() {}

    static List<Violation> check(JsonNode schema, JsonNode value, FieldPath path) {
        CelCheck check = new CelCheck();
        check.value(schema, value, path);
        return check.violations;
    }

    private Object value(JsonNode schema, JsonNode value, FieldPath path) {
        Object self =
                switch (value.getNodeType()) {
                    case OBJECT -> object(schema, value, path);
                    case ARRAY -> list(schema.path("items"), value, path);
                    case NUMBER -> value.isIntegralNumber() ? value.asLong() : value.asDouble();
                    case BOOLEAN -> value.asBoolean();
                    case STRING, BINARY, MISSING, NULL, POJO -> value.asString("");
                };
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            rule(rule, self, value, path);
        }
        return self;
    }

    private Map<String, Object> object(JsonNode schema, JsonNode value, FieldPath path) {
        Map<String, Object> fields = new LinkedHashMap<>();
        JsonNode known = schema.path("properties");
        JsonNode values = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> each : value.properties()) {
            String name = each.getKey();
            JsonNode own = known.path(name);
            boolean property = !own.isMissingNode();
            fields.put(
                    property ? escaped(name) : name,
                    value(property ? own : values, each.getValue(), path.field(name)));
        }
        return fields;
    }

    private static String escaped(String name) {
        return RESERVED.contains(name)
                ? "__" + name + "__"
                : name.replace("-", "__dash__").replace(".", "__dot__").replace("/", "__slash__");
    }

    private List<Object> list(JsonNode items, JsonNode value, FieldPath path) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            elements.add(value(items, value.get(i), path.element(i)));
        }
        return elements;
    }

    private void rule(JsonNode rule, Object self, JsonNode value, FieldPath path) {
        String text = rule.path("rule").asString("");
        if (!CelRules.isAboutState(text)) {
            return;
        }
        String broken = CelRules.broken(text, self);
        if (broken != null) {
            String message = rule.path("message").asString("breaks a rule");
            String detail = broken.isEmpty() ? message : message + " [" + broken + "]";
            violations.add(Violation.of(path, value, detail, "CEL: " + text));
        }
    }
}
