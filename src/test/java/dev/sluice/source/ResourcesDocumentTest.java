package dev.sluice.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.schema.KindSchema;
import dev.sluice.schema.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// docs/resources.md lists what the schemas have, and what the code warns of.
class ResourcesDocumentTest {

    private static final List<String> ANSWERS =
            List.of("yes", "no", "condition", "closed", "cluster", "text");

    static List<Kind> kinds() {
        // These are read in a cluster only: Pods of our own Deployment, and what is installed.
        List<String> ofTheCluster = List.of("Pod", "CustomResourceDefinition");
        return Kinds.all().stream().filter(kind -> !ofTheCluster.contains(kind.name())).toList();
    }

    /// The answers of a kind, by field.
    private static Map<String, String> documented(String kind) throws IOException {
        Map<String, String> answers = new LinkedHashMap<>();
        String heading = "";
        for (String line : Files.readAllLines(Path.of("docs/resources.md"))) {
            if (line.startsWith("## ")) {
                heading = line.substring(3);
            } else if (heading.equals(kind) && line.startsWith("| `")) {
                int end = line.indexOf('`', 3);
                answers.put(line.substring(3, end), line.substring(end + 4, line.length() - 2));
            }
        }
        return answers;
    }

    private static List<String> fields(JsonNode schema, String path) {
        List<String> all = new ArrayList<>();
        schema.path("properties")
                .properties()
                .forEach(property -> {
                    String name = property.getKey();
                    if (path.isEmpty()
                            && List.of("apiVersion", "kind", "metadata").contains(name)) {
                        return;
                    }
                    all.add(path + name);
                    JsonNode value = property.getValue();
                    while (value.path("type").asString("").equals("array")) {
                        value = value.path("items");
                    }
                    all.addAll(fields(value, path + name + "."));
                });
        return all;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void fields_areAllThere(Kind kind) throws IOException {
        Schemas.KindVersions kindVersions = Schemas.bundled().find(kind.group(), kind.name());
        assertThat(kindVersions).isNotNull();
        KindSchema schema = kindVersions.find(kind.versions().get(0));
        assertThat(schema).isNotNull();
        FieldTable.Field table = FieldTable.of(kind);
        assertThat(documented(kind.name()).keySet())
                .containsExactlyElementsOf(
                        table == null ? fields(schema.structural(), "") : fields(table, ""));
    }

    /// Those of all releases.
    private static List<String> fields(FieldTable.Field table, String path) {
        List<String> all = new ArrayList<>();
        new TreeMap<>(table.children())
                .forEach((name, field) -> {
                    all.add(path + name);
                    all.addAll(fields(field, path + name + "."));
                });
        return all;
    }

    private static FieldTable.Field find(FieldTable.Field table, String path) {
        FieldTable.Field field = table;
        for (String name : path.split("\\.", -1)) {
            field = Objects.requireNonNull(field.find(name));
        }
        return field;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void answers_areTheClassesOfTheTable(Kind kind) throws IOException {
        FieldTable.Field table = FieldTable.of(kind);
        documented(kind.name())
                .forEach((field, answer) -> {
                    assertThat(ANSWERS).anySatisfy(each -> assertThat(answer).startsWith(each));
                    if (table != null) {
                        List<String> permitted =
                                switch (find(table, field).fieldClass()) {
                                    case HONOURED -> List.of("yes", "condition", "text");
                                    case HARMLESS -> List.of("no");
                                    case MUST_NOT_BE_SKIPPED -> List.of("closed");
                                };
                        assertThat(permitted)
                                .as("%s: %s", field, answer)
                                .anySatisfy(each -> assertThat(answer).startsWith(each));
                    }
                });
    }

    static List<Kind> ownAndCoreKinds() {
        return kinds().stream().filter(kind -> FieldTable.of(kind) == null).toList();
    }

    @ParameterizedTest
    @MethodSource("ownAndCoreKinds")
    void fieldsWithoutEffect_areThoseOfTheCode(Kind kind) throws IOException {
        List<String> told = IgnoredFields.of(kind.name());
        documented(kind.name())
                .forEach((field, answer) -> {
                    boolean warned =
                            told.stream()
                                    .anyMatch(one ->
                                            field.equals(one) || field.startsWith(one + "."));
                    assertThat(answer.startsWith("no"))
                            .as("%s: %s", field, answer)
                            .isEqualTo(warned);
                });
        assertThat(documented(kind.name()).keySet()).containsAll(told);
    }
}
