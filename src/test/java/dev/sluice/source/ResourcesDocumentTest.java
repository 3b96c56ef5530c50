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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// docs/resources.md lists what the schemas have, and what the code warns of.
class ResourcesDocumentTest {

    private static final List<String> ANSWERS =
            List.of("yes", "no", "condition", "cluster", "text");

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
        assertThat(documented(kind.name()).keySet())
                .containsExactlyElementsOf(fields(schema.structural(), ""));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void fieldsWithoutEffect_areThoseOfTheCode(Kind kind) throws IOException {
        List<String> told = IgnoredFields.of(kind.name());
        documented(kind.name())
                .forEach((field, answer) -> {
                    assertThat(ANSWERS).anySatisfy(each -> assertThat(answer).startsWith(each));
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
