package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The examples of the Gateway API's module: those that the API server takes, and those that it
/// refuses.
class OfficialExamplesTest {

    private static final Path FOLDER = Path.of("src/test/resources/gateway-api");
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    static List<Path> valid() throws IOException {
        return files("examples");
    }

    static List<Path> invalid() throws IOException {
        return files("invalid-examples");
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .map(FOLDER::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static List<Admission> admit(Path file) throws IOException {
        List<Admission> admissions = new ArrayList<>();
        String text = Files.readString(FOLDER.resolve(file));
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(text)) {
            while (all.hasNextValue()) {
                if (all.nextValue() instanceof ObjectNode object) {
                    String version = object.path("apiVersion").asString();
                    int slash = version.indexOf('/');
                    Schemas.KindVersions kindVersions =
                            Schemas.bundled()
                                    .find(
                                            slash < 0 ? "" : version.substring(0, slash),
                                            object.path("kind").asString());
                    assertThat(kindVersions).as("%s", object.path("kind")).isNotNull();
                    KindSchema schema = kindVersions.find(version.substring(slash + 1));
                    assertThat(schema).as("%s", object.path("apiVersion")).isNotNull();
                    admissions.add(schema.admit(object));
                }
            }
        }
        assertThat(admissions).isNotEmpty();
        return admissions;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void example_isTaken(Path file) throws IOException {
        assertThat(admit(file))
                .allSatisfy(admission -> {
                    assertThat(admission.violations()).isEmpty();
                    assertThat(admission.unknown()).isEmpty();
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void invalidExample_isRefused(Path file) throws IOException {
        assertThat(admit(file)).anySatisfy(one -> assertThat(one.violations()).isNotEmpty());
    }

    @Test
    void examples_areAllThere() throws IOException {
        assertThat(valid()).hasSizeGreaterThanOrEqualTo(80);
        assertThat(invalid()).hasSizeGreaterThanOrEqualTo(30);
    }
}
