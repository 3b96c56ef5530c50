package dev.sluice.schema;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where a field stands in an object.
///
/// @param parent null at the root
/// @param name of a field, null where it is an element of a list
/// @param index in a list, -1 where it is a field
public record FieldPath(@Nullable FieldPath parent, @Nullable String name, int index) {

    static final FieldPath ROOT = new FieldPath(null, null, -1);

    public FieldPath field(String child) {
        return new FieldPath(this, child, -1);
    }

    FieldPath element(int at) {
        return new FieldPath(this, null, at);
    }

    /// What stands there in an object; missing where nothing does.
    JsonNode of(JsonNode object) {
        if (parent == null) {
            return object;
        }
        JsonNode in = parent.of(object);
        return name == null ? in.path(index) : in.path(name);
    }

    /// The structural schema of what stands there.
    JsonNode ofSchema(JsonNode schema) {
        if (parent == null) {
            return schema;
        }
        JsonNode in = parent.ofSchema(schema);
        if (name == null) {
            return in.path("items");
        }
        JsonNode known = in.path("properties");
        return known.has(name) ? known.path(name) : in.path("additionalProperties");
    }

    /// RFC 6901, such as `/spec/rules/0`.
    public String pointer() {
        if (parent == null) {
            return "";
        }
        String last = name == null ? String.valueOf(index) : name;
        return parent.pointer() + "/" + last.replace("~", "~0").replace("/", "~1");
    }

    /// As people write it, such as `spec.rules[0]`; a name with a dot is quoted: `data["a.b"]`.
    @Override
    public String toString() {
        if (parent == null) {
            return "";
        }
        String before = parent.toString();
        if (name == null) {
            return before + "[" + index + "]";
        }
        if (name.indexOf('.') >= 0 || name.indexOf('/') >= 0) {
            return before + "[\"" + name + "\"]";
        }
        return before.isEmpty() ? name : before + "." + name;
    }
}
