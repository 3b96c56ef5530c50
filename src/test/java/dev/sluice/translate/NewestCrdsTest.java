package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// CRDs of Gateway API v1.7 that are put in under running objects of v1.6: the API server takes out
/// of the objects what the newer schema does not know, and writes its defaults into them.
class NewestCrdsTest {

    private static final Path OLD = Path.of("src/main/resources/schemas");
    private static final Path NEW = Path.of("src/test/resources/gateway-api/v1.7.0");
    private static final Path CASES = Path.of("src/test/resources/translation");
    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static List<Path> cases() throws IOException {
        return TranslationGoldenTest.cases();
    }

    private static List<ObjectNode> documents(Path name) throws IOException {
        List<ObjectNode> all = new ArrayList<>();
        Path in = CASES.resolve(name);
        for (Path file : List.of(in.resolveSibling("base.yaml"), in)) {
            if (Files.exists(file)) {
                try (MappingIterator<JsonNode> read =
                        YAML.readerFor(JsonNode.class).readValues(Files.readString(file))) {
                    while (read.hasNextValue()) {
                        if (read.nextValue() instanceof ObjectNode object) {
                            all.add(object);
                        }
                    }
                }
            }
        }
        return all;
    }

    /// The object as an API server with these CRDs has it.
    private static ObjectNode served(ObjectNode document, Path release) throws IOException {
        ObjectNode object = document.deepCopy();
        String version = object.path("apiVersion").asString("");
        String group = version.substring(0, Math.max(version.indexOf('/'), 0));
        Path file = release.resolve(group).resolve(object.path("kind").asString("") + ".json");
        if (!group.startsWith("gateway.networking.") || !Files.exists(file)) {
            return object;
        }
        JsonNode versions = JSON.readTree(Files.readString(file)).path("versions");
        JsonNode schema = versions.path(version.substring(version.indexOf('/') + 1));
        JsonNode twin = schema.isString() ? versions.path(schema.asString()) : schema;
        apply(twin.path("properties").path("spec"), object.path("spec"));
        return object;
    }

    private static void apply(JsonNode schema, JsonNode value) {
        if (value.isArray()) {
            value.forEach(each -> apply(schema.path("items"), each));
        } else if (value instanceof ObjectNode object && schema.has("properties")) {
            JsonNode known = schema.path("properties");
            List.copyOf(object.propertyNames()).stream()
                    .filter(name -> !known.has(name))
                    .forEach(object::remove);
            for (Map.Entry<String, JsonNode> property : known.properties()) {
                JsonNode standard = property.getValue().path("default");
                if (!object.has(property.getKey()) && !standard.isMissingNode()) {
                    object.set(property.getKey(), standard.deepCopy());
                }
                apply(property.getValue(), object.path(property.getKey()));
            }
        }
    }

    private static String print(List<ObjectNode> documents) {
        List<String> texts = documents.stream().map(YAML::writeValueAsString).toList();
        return Golden.parse(texts.toArray(String[]::new)).print();
    }

    /// As v1.7 has the names of sessions: it takes those of v1.6 out, and nobody can tell them
    /// then.
    private static void rename(JsonNode rule) {
        if (rule.path("sessionPersistence") instanceof ObjectNode session) {
            JsonNode name = session.remove("sessionName");
            JsonNode config = session.remove("cookieConfig");
            if (session.path("type").asString("").equals("Header")) {
                ObjectNode header = session.putObject("header");
                if (name != null) {
                    header.set("name", name);
                }
                return;
            }
            ObjectNode cookie = session.putObject("cookie");
            if (name != null) {
                cookie.set("name", name);
            }
            if (config != null) {
                cookie.set("lifetimeType", config.path("lifetimeType"));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void newestCrds_changeNoAnswer(Path name) throws IOException {
        List<ObjectNode> before = new ArrayList<>();
        List<ObjectNode> after = new ArrayList<>();
        for (ObjectNode document : documents(name)) {
            ObjectNode old = served(document, OLD);
            before.add(old);
            ObjectNode renamed = old.deepCopy();
            renamed.path("spec").path("rules").forEach(NewestCrdsTest::rename);
            after.add(served(renamed, NEW));
        }
        assertThat(print(after)).isEqualTo(print(before).replace("sessionName: ", "header.name: "));
    }

    /// What the test above rests on: v1.7 has a default that v1.6 had not.
    @Test
    void newestCrds_writeDefaultsIntoObjects() throws IOException {
        List<JsonNode> filled = new ArrayList<>();
        for (Path name : cases()) {
            for (ObjectNode document : documents(name)) {
                ObjectNode old = served(document, OLD);
                JsonNode rules = served(old, NEW).path("spec").path("rules");
                for (int i = 0; i < rules.size(); i++) {
                    JsonNode before = old.path("spec").path("rules").path(i).path("retry");
                    JsonNode after = rules.path(i).path("retry");
                    if (!before.has("attempts") && after.has("attempts")) {
                        filled.add(after);
                    }
                }
            }
        }
        assertThat(filled).isNotEmpty();
    }
}
