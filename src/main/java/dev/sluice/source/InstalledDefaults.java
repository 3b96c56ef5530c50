package dev.sluice.source;

import dev.sluice.resource.Kind;
import dev.sluice.source.FieldTable.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The defaults that an API server writes into objects of a kind, of fields that no release has
/// that we know: CRDs newer than those are installed.
///
/// @param byField such as `spec.rules.later`
public record InstalledDefaults(Map<String, JsonNode> byField) {

    public static final InstalledDefaults NONE = new InstalledDefaults(Map.of());

    /// The releases of Gateway API whose fields all are in our table.
    private static final List<String> KNOWN = List.of("v1.6.", "v1.7.");

    public InstalledDefaults {
        byField = Map.copyOf(byField);
    }

    /// Whether a release may have fields that we do not know.
    ///
    /// @param release such as `v1.7.0`, null where nobody says
    public static boolean mayHave(@Nullable String release) {
        return release == null || KNOWN.stream().noneMatch(release::startsWith);
    }

    /// @param definition the CustomResourceDefinition of the kind
    public static InstalledDefaults of(Kind kind, JsonNode definition) {
        Map<String, JsonNode> byField = new HashMap<>();
        Field root = FieldTable.of(kind);
        Field spec = root == null ? null : root.find("spec");
        if (spec != null) {
            for (JsonNode version : definition.path("spec").path("versions")) {
                JsonNode schema = version.path("schema").path("openAPIV3Schema");
                collect(spec, schema.path("properties").path("spec"), "spec.", byField);
            }
        }
        return new InstalledDefaults(byField);
    }

    /// Whether a field has the value that the API server gives it.
    boolean isDefault(String field, JsonNode value) {
        return value.equals(byField.get(field));
    }

    private static void collect(
            Field known, JsonNode schema, String path, Map<String, JsonNode> into) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            Field field = known.find(property.getKey());
            JsonNode value = property.getValue();
            JsonNode standard = value.path("default");
            if (field == null && !standard.isMissingNode()) {
                into.put(path + property.getKey(), filled(value, standard.deepCopy()));
            } else if (field != null) {
                while (value.has("items")) {
                    value = value.path("items");
                }
                collect(field, value, path + property.getKey() + ".", into);
            }
        }
    }

    /// With the defaults of what is inside.
    private static JsonNode filled(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
                JsonNode standard = property.getValue().path("default");
                if (!object.has(property.getKey()) && !standard.isMissingNode()) {
                    object.set(property.getKey(), standard.deepCopy());
                }
                filled(property.getValue(), object.path(property.getKey()));
            }
        } else if (value.isArray()) {
            value.forEach(each -> filled(schema.path("items"), each));
        }
        return value;
    }
}
