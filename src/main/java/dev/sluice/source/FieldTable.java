package dev.sluice.source;

import dev.sluice.resource.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// What becomes of each field of the kinds of Gateway API: `schemas/fields.txt`, which
/// `.ci/list-fields` makes of the CustomResourceDefinitions of the releases that we know.
final class FieldTable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, Field> BY_KIND = read();

    private FieldTable() {}

    /// What becomes of a field.
    enum FieldClass {
        /// It has its effect, or a condition says that it has none.
        HONOURED,
        /// It has no effect, which is reported unless it has its default.
        HARMLESS,
        /// What it belongs to is not served, unless it has its default.
        MUST_NOT_BE_SKIPPED
    }

    /// @param standard the default of a field that is not honoured, missing for none
    /// @param children by name; none where the fields of a value are its own affair
    record Field(FieldClass fieldClass, JsonNode standard, Map<String, Field> children) {

        /// A field below this one, null when there is none in any release that we know.
        @Nullable Field find(String name) {
            return children.get(name);
        }
    }

    /// The fields of a kind, null when it is none of Gateway API.
    static @Nullable Field of(Kind kind) {
        return BY_KIND.get(kind.group() + "/" + kind.name());
    }

    private static Map<String, Field> read() {
        Map<String, Field> byKind = new HashMap<>();
        try (InputStream in = FieldTable.class.getResourceAsStream("/schemas/fields.txt");
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            Field kind = root();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                String[] words = line.split(" ", 3);
                if (words.length == 1) {
                    kind = root();
                    byKind.put(line, kind);
                } else {
                    add(kind, words);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(byKind);
    }

    private static Field root() {
        return new Field(FieldClass.HONOURED, MissingNode.getInstance(), new HashMap<>());
    }

    /// Parents come before their children.
    private static void add(Field kind, String[] words) {
        Field parent = kind;
        int last = words[0].lastIndexOf('.');
        if (last >= 0) {
            for (String name : words[0].substring(0, last).split("\\.", -1)) {
                parent = Objects.requireNonNull(parent.find(name), words[0]);
            }
        }
        FieldClass fieldClass =
                switch (words[1]) {
                    case "honoured" -> FieldClass.HONOURED;
                    case "harmless" -> FieldClass.HARMLESS;
                    case "must-not-be-skipped" -> FieldClass.MUST_NOT_BE_SKIPPED;
                    default -> throw new IllegalStateException("unclassified: " + words[0]);
                };
        JsonNode standard = words.length < 3 ? MissingNode.getInstance() : JSON.readTree(words[2]);
        parent.children()
                .put(
                        words[0].substring(last + 1),
                        new Field(fieldClass, standard, new HashMap<>()));
    }
}
