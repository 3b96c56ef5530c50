package dev.sluice.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Changes objects as somebody might who knows their schemas and means no good: fields come and go,
/// and values become what the schema permits at its edges.
final class OddObjects {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 12;

    /// Names that lead somewhere, and texts at which code stumbles.
    private static final List<String> TEXTS =
            List.of(
                    "gw",
                    "sluice",
                    "cart",
                    "default",
                    "other",
                    "http",
                    "https",
                    "Service",
                    "Secret",
                    "ConfigMap",
                    "gateway.networking.k8s.io",
                    "HTTPRoute",
                    "",
                    "/",
                    "/a/../b",
                    "/%zz",
                    "//",
                    "*",
                    "*.example.com",
                    "a.example.com",
                    "[",
                    "(a+)+$",
                    "(?<x>a)\\k<x>",
                    "\\",
                    "\\Q",
                    "((((((((((a*)*)*)*)*)*)*)*)*)*",
                    "0",
                    "-1",
                    "1.5",
                    "99999999999999999999",
                    "9223372036854775807",
                    "0s",
                    "99999h",
                    "1h1h1h1h",
                    "1e400",
                    "NaN",
                    "\r\nX: y",
                    "\u0000",
                    "\ud83d",
                    "\u202eabc",
                    "ﬀ",
                    "İ",
                    "http://",
                    "http://[::1",
                    "http://a b/",
                    "::1",
                    "256.1.1.1",
                    "10.0.0.0/33",
                    "127.0.0.1:99999",
                    "host:,,:1",
                    "request.path == '/'",
                    "request.headers['a'].matches('(a+)+$')",
                    "a ? b",
                    "Content-Length",
                    "Host",
                    ":path",
                    "eyJhbGciOiJub25lIn0..",
                    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

    private final SplittableRandom random;

    OddObjects(SplittableRandom random) {
        this.random = random;
    }

    /// Changes a few places of an object, in place.
    void change(JsonNode schema, ObjectNode object) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            step(schema, object);
        }
    }

    private void step(JsonNode schema, JsonNode at) {
        JsonNode where = at;
        JsonNode of = schema;
        while (true) {
            if (where instanceof ObjectNode object) {
                List<String> names = names(of, object);
                if (names.isEmpty()) {
                    return;
                }
                String name = names.get(random.nextInt(names.size()));
                JsonNode next = property(of, name);
                boolean inside = object.path(name).isContainer() && random.nextInt(6) > 0;
                if (inside && !object.path(name).isEmpty()) {
                    where = object.path(name);
                    of = next;
                } else if (random.nextInt(6) == 0) {
                    object.remove(name);
                    return;
                } else {
                    object.set(name, value(next, 0));
                    return;
                }
            } else if (where instanceof ArrayNode list && !list.isEmpty()) {
                int index = random.nextInt(list.size());
                JsonNode next = of.path("items");
                switch (random.nextInt(8)) {
                    case 0 -> {
                        list.remove(index);
                        return;
                    }
                    case 1 -> {
                        list.add(list.get(index).deepCopy());
                        return;
                    }
                    case 2 -> {
                        list.set(index, value(next, 0));
                        return;
                    }
                    default -> {
                        if (!list.get(index).isContainer()) {
                            list.set(index, value(next, 0));
                            return;
                        }
                        where = list.get(index);
                        of = next;
                    }
                }
            } else {
                return;
            }
        }
    }

    private static List<String> names(JsonNode schema, ObjectNode object) {
        List<String> names = new ArrayList<>(object.propertyNames());
        names.addAll(schema.path("properties").propertyNames());
        names.removeAll(List.of("apiVersion", "kind", "metadata", "status"));
        return names;
    }

    private static JsonNode property(JsonNode schema, String name) {
        JsonNode known = schema.path("properties").path(name);
        return known.isMissingNode() ? schema.path("additionalProperties") : known;
    }

    private JsonNode value(JsonNode schema, int depth) {
        JsonNode choices = schema.path("enum");
        if (choices.isArray() && !choices.isEmpty()) {
            return choices.get(random.nextInt(choices.size())).deepCopy();
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            return random.nextBoolean() ? NODES.stringNode(text(schema)) : number(schema);
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer" -> number(schema);
            case "number" -> NODES.numberNode(random.nextDouble(-1e9, 1e9));
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "string" -> NODES.stringNode(text(schema));
            default -> any(depth);
        };
    }

    /// Where the schema permits anything.
    private JsonNode any(int depth) {
        return switch (random.nextInt(depth > DEEPEST ? 4 : 6)) {
            case 0 -> NODES.numberNode(random.nextLong());
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextDouble());
            case 3 -> NODES.stringNode(text(NODES.objectNode()));
            case 4 -> NODES.arrayNode().add(any(depth + 1));
            default -> NODES.objectNode().set(text(NODES.objectNode()), any(depth + 1));
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode made = NODES.objectNode();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            boolean wanted = depth < DEEPEST && random.nextInt(3) == 0;
            if (required.contains(property.getKey()) || wanted) {
                made.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        }
        JsonNode values = schema.path("additionalProperties");
        if (values.isObject()) {
            for (int i = random.nextInt(4); i > 0; i--) {
                made.set(text(NODES.objectNode()), value(values, depth + 1));
            }
        }
        return made;
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode made = NODES.arrayNode();
        int most = schema.path("maxItems").asInt(40);
        int count = random.nextInt(12) == 0 ? most : random.nextInt(Math.min(most, 3) + 1);
        count = Math.max(count, schema.path("minItems").asInt(0));
        for (int i = 0; i < Math.min(count, depth > 3 ? 3 : 64); i++) {
            made.add(value(schema.path("items"), depth + 1));
        }
        return made;
    }

    private JsonNode number(JsonNode schema) {
        long least = schema.path("minimum").asLong(Integer.MIN_VALUE);
        long most = schema.path("maximum").asLong(Integer.MAX_VALUE);
        return NODES.numberNode(
                switch (random.nextInt(5)) {
                    case 0 -> least;
                    case 1 -> most;
                    case 2 -> Math.clamp(0L, least, most);
                    case 3 -> Math.clamp(80L, least, most);
                    default -> least < most ? random.nextLong(least, most) : least;
                });
    }

    private String text(JsonNode schema) {
        int longest = schema.path("maxLength").asInt(4096);
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        if (random.nextInt(10) == 0 && !text.isEmpty()) {
            text = text.repeat(longest / text.length() + 1);
        }
        return text.length() > longest ? text.substring(0, longest) : text;
    }
}
