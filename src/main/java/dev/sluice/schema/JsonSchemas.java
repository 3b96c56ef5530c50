package dev.sluice.schema;

import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The part of a structural schema that JSON Schema draft 4 has, too: types, enums, lengths,
/// patterns.
final class JsonSchemas {

    // The API server's patterns are Go's, whose language and whose `$` RE2/J has.
    private static final RegularExpressionFactory RE2 =
            expression -> {
                Pattern pattern = Pattern.compile(expression);
                RegularExpression found = text -> pattern.matcher(text).find();
                return found;
            };

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_4,
                    builder ->
                            builder.schemaCacheEnabled(false)
                                    .schemaRegistryConfig(
                                            new SchemaRegistryConfig.Builder()
                                                    .regularExpressionFactory(RE2)
                                                    .formatAssertionsEnabled(true)
                                                    .build()));

    private JsonSchemas() {}

    static Schema compile(JsonNode structural) {
        return REGISTRY.getSchema(plain(structural));
    }

    /// Without what only Kubernetes knows.
    private static JsonNode plain(JsonNode schema) {
        if (schema instanceof ArrayNode list) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            list.forEach(each -> copy.add(plain(each)));
            return copy;
        }
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String keyword = entry.getKey();
            if (keyword.equals("properties")) {
                copy.set(keyword, properties(entry.getValue()));
            } else if (!keyword.startsWith("x-kubernetes-") && !keyword.equals("default")) {
                copy.set(keyword, plain(entry.getValue()));
            }
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            copy.set("type", JsonNodeFactory.instance.arrayNode().add("integer").add("string"));
        }
        return copy;
    }

    /// Schemas by name. Names are the users' words: one may be `default`.
    private static JsonNode properties(JsonNode schemas) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        schemas.properties().forEach(each -> copy.set(each.getKey(), plain(each.getValue())));
        return copy;
    }

    static List<Violation> check(Schema schema, JsonNode object) {
        List<Violation> violations = new ArrayList<>();
        for (Error error : schema.validate(object)) {
            violations.add(violation(error, object));
        }
        return violations;
    }

    private static Violation violation(Error error, JsonNode object) {
        NodePath location = error.getInstanceLocation();
        FieldPath path = FieldPath.ROOT;
        JsonNode value = object;
        for (int i = 0; i < location.getNameCount(); i++) {
            Object element = location.getElement(i);
            if (element instanceof Integer index) {
                path = path.element(index);
                value = value.path(index);
            } else {
                path = path.field(String.valueOf(element));
                value = value.path(String.valueOf(element));
            }
        }
        String keyword = error.getKeyword();
        if (keyword.equals("required")) {
            String missing = error.getProperty();
            return Violation.of(
                    path.field(missing), value.path(missing), "is required", "schema: required");
        }
        String message = error.getMessage();
        int colon = message.startsWith("/") ? message.indexOf(": ") : -1;
        return Violation.of(
                path,
                value,
                colon < 0 ? message : message.substring(colon + 2),
                "schema: " + keyword);
    }
}
