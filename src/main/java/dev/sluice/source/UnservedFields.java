package dev.sluice.source;

import dev.sluice.resource.Kind;
import dev.sluice.source.FieldTable.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of an object that have no effect here.
final class UnservedFields {

    /// Below these stand listeners, rules with their filters, settings of TLS and permissions. A
    /// field in there that no release we know has may be one that restricts: it must not be
    /// skipped.
    private static final Set<String> BLOCKS =
            Set.of("listeners", "rules", "tls", "validation", "from", "to");

    private final List<String> unsupported = new ArrayList<>();
    private final Set<String> idle = new TreeSet<>();
    private final StringBuilder at = new StringBuilder();
    private final StringBuilder path = new StringBuilder();

    private final InstalledDefaults defaults;

    private UnservedFields(InstalledDefaults defaults) {
        this.defaults = defaults;
    }

    /// @param kind of the object
    /// @param object as it was written
    /// @param defaults of fields that no release has that we know
    static UnservedFields of(Kind kind, JsonNode object, InstalledDefaults defaults) {
        UnservedFields fields = new UnservedFields(defaults);
        Field root = FieldTable.of(kind);
        Field spec = root == null ? null : root.find("spec");
        if (spec != null) {
            fields.at.append("spec");
            fields.path.append("spec");
            fields.object(spec, object.path("spec"), false);
        }
        return fields;
    }

    /// Those that must not be skipped, such as `spec.listeners[0].filters`.
    List<String> unsupported() {
        return unsupported;
    }

    /// Those that do no harm, in order and without the indexes of lists, such as
    /// `spec.listeners.tls.options`.
    List<String> idle() {
        return List.copyOf(idle);
    }

    private void value(Field field, JsonNode value, boolean block) {
        if (value.isArray()) {
            int end = at.length();
            for (int i = 0; i < value.size(); i++) {
                at.append('[').append(i).append(']');
                value(field, value.path(i), block);
                at.setLength(end);
            }
        } else if (value.isObject()) {
            object(field, value, block);
        }
    }

    private void object(Field field, JsonNode object, boolean block) {
        int atEnd = at.length();
        int pathEnd = path.length();
        for (Map.Entry<String, JsonNode> property : object.properties()) {
            String name = property.getKey();
            at.append('.').append(name);
            path.append('.').append(name);
            property(field.find(name), property.getValue(), block || BLOCKS.contains(name));
            at.setLength(atEnd);
            path.setLength(pathEnd);
        }
    }

    private void property(@Nullable Field field, JsonNode value, boolean block) {
        if (value.isNull()) {
            return; // as if it were not there
        }
        if (field == null) {
            if (defaults.isDefault(path.toString(), value)) {
                return;
            }
            if (block) {
                unsupported.add(at.toString());
            } else {
                idle.add(path.toString());
            }
            return;
        }
        boolean said = !value.equals(field.standard());
        switch (field.fieldClass()) {
            case HONOURED -> {
                if (!field.children().isEmpty()) {
                    value(field, value, block);
                }
            }
            case HARMLESS -> {
                if (said) {
                    idle.add(path.toString());
                }
            }
            case MUST_NOT_BE_SKIPPED -> {
                if (said) {
                    unsupported.add(at.toString());
                }
            }
        }
    }
}
