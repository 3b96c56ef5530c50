package dev.sluice.schema;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Which fields of a schema misspelt ones are meant to be, such as `hostname` for `hostnames`.
final class Spelling {

    /// Longer names are compared with none.
    private static final int LONGEST = 64;

    private static final int SHORTEST_PREFIX = 4;

    private Spelling() {}

    /// A copy in which misspelt fields have the names of the fields that they resemble, where those
    /// are missing; what stands in place of a list with one element becomes one, and the other way
    /// round.
    static JsonNode corrected(JsonNode schema, JsonNode value) {
        JsonNode formed = formed(schema, value);
        if (formed instanceof ArrayNode list) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            list.forEach(each -> copy.add(corrected(schema.path("items"), each)));
            return copy;
        }
        if (!(formed instanceof ObjectNode object)) {
            return formed;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        JsonNode known = schema.path("properties");
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = known.isObject() ? name(known, object, field.getKey()) : field.getKey();
            JsonNode of = known.isObject() ? known.path(name) : schema.path("additionalProperties");
            copy.set(name, corrected(of, field.getValue()));
        }
        return copy;
    }

    private static JsonNode formed(JsonNode schema, JsonNode value) {
        String type = schema.path("type").asString("");
        if (type.equals("array") && !value.isArray() && !value.isNull()) {
            return JsonNodeFactory.instance.arrayNode().add(value);
        }
        return !type.isEmpty() && !type.equals("array") && value.isArray() && value.size() == 1
                ? value.path(0)
                : value;
    }

    private static String name(JsonNode known, ObjectNode object, String written) {
        if (known.has(written)) {
            return written;
        }
        String meant = meant(known, object, written);
        return meant == null ? written : meant;
    }

    /// The field that an unknown one is likely to be meant for; null where none is alike.
    ///
    /// @param known the properties of the schema
    /// @param object that the unknown field stands in
    static @Nullable String meant(JsonNode known, ObjectNode object, String written) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String name : List.copyOf(known.propertyNames())) {
            int distance = object.has(name) ? Integer.MAX_VALUE : distance(written, name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    /// [Integer#MAX_VALUE] where they are not alike.
    private static int distance(String written, String name) {
        String one = written.toLowerCase(Locale.ROOT);
        String other = name.toLowerCase(Locale.ROOT);
        if (one.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        int edits = edits(one, other);
        boolean alike =
                2 * edits < Math.max(one.length(), other.length())
                        || one.length() >= SHORTEST_PREFIX && other.startsWith(one);
        return alike ? edits : Integer.MAX_VALUE;
    }

    /// The edit distance of Levenshtein.
    private static int edits(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
