package dev.sluice.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.source.FieldTable.Field;
import dev.sluice.source.FieldTable.FieldClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each field of each release of Gateway API that we know has its class.
class FieldTableTest {

    private static final List<Path> RELEASES =
            List.of(
                    Path.of("src/main/resources/schemas"), // v1.6
                    Path.of("src/test/resources/gateway-api/v1.7.0"));

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static List<Kind> kinds() {
        return Kinds.all().stream()
                .filter(kind -> kind.group().startsWith("gateway.networking."))
                .toList();
    }

    private static Kind kind(String name) {
        return kinds().stream().filter(kind -> kind.name().equals(name)).findFirst().orElseThrow();
    }

    /// The fields of a kind in all its versions and releases, with their schemas.
    private static Map<String, List<JsonNode>> released(Kind kind) throws IOException {
        Map<String, List<JsonNode>> all = new TreeMap<>();
        for (Path release : RELEASES) {
            Path file = release.resolve(kind.group()).resolve(kind.name() + ".json");
            for (JsonNode version : JSON.readTree(Files.readString(file)).path("versions")) {
                collect(version, "", all);
            }
        }
        return all;
    }

    private static void collect(JsonNode schema, String path, Map<String, List<JsonNode>> all) {
        schema.path("properties")
                .properties()
                .forEach(property -> {
                    String name = path + property.getKey();
                    if (!List.of("apiVersion", "kind", "metadata").contains(name)) {
                        JsonNode value = property.getValue();
                        all.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
                        while (value.path("type").asString("").equals("array")) {
                            value = value.path("items");
                        }
                        collect(value, name + ".", all);
                    }
                });
    }

    private static @Nullable Field find(Kind kind, String path) {
        Field field = FieldTable.of(kind);
        for (String name : path.split("\\.", -1)) {
            field = field == null ? null : field.find(name);
        }
        return field;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void releasedField_isClassified_andNoOther(Kind kind) throws IOException {
        Set<String> classified = new HashSet<>();
        Field root = FieldTable.of(kind);
        assertThat(root).isNotNull();
        collect(root, "", classified);
        assertThat(classified)
                .as("see .ci/list-fields")
                .containsExactlyInAnyOrderElementsOf(released(kind).keySet());
    }

    private static void collect(Field field, String path, Set<String> all) {
        field.children()
                .forEach((name, child) -> {
                    all.add(path + name);
                    collect(child, path + name + ".", all);
                });
    }

    /// The API server writes it into objects whose owners have never heard of the field.
    @ParameterizedTest
    @MethodSource("kinds")
    void defaultOfAFieldThatIsNotHonoured_isKnown(Kind kind) throws IOException {
        released(kind)
                .forEach((path, schemas) -> {
                    Field field = find(kind, path);
                    for (JsonNode schema : schemas) {
                        if (field != null
                                && field.fieldClass() != FieldClass.HONOURED
                                && schema.has("default")) {
                            assertThat(field.standard()).as(path).isEqualTo(schema.path("default"));
                        }
                    }
                });
    }

    private static UnservedFields fields(String kind, String spec) {
        JsonNode object = JSON.readTree("{\"spec\": " + spec.replace('\'', '"') + "}");
        return UnservedFields.of(kind(kind), object, InstalledDefaults.NONE);
    }

    @Test
    void fieldThatMustNotBeSkipped_isNamedWithItsPlace() {
        UnservedFields fields =
                fields(
                        "Gateway",
                        "{'listeners': [{}, {'name': 'a', 'filters': {'requests': []}},"
                                + " {'tls': {'options': {'a': 'b'}, 'later': 1}}],"
                                + " 'addresses': [{'routability': ''}, {'routability': 'Cluster'}],"
                                + " 'tls': {'frontend': {'default': {'later': false}}},"
                                + " 'defaultScope': 'All', 'infrastructure': {'later': 1}}");
        assertThat(fields.unsupported())
                .containsExactly(
                        "spec.listeners[1].filters",
                        "spec.listeners[2].tls.later",
                        "spec.addresses[1].routability",
                        "spec.tls.frontend.default.later");
        assertThat(fields.idle())
                .containsExactly(
                        "spec.defaultScope",
                        "spec.infrastructure.later",
                        "spec.listeners.tls.options");
    }

    @Test
    void fieldsOfMapsAndNulls_areNone() {
        UnservedFields fields =
                fields(
                        "Gateway",
                        "{'listeners': [{'later': null, 'allowedRoutes': {'namespaces': {'selector':"
                                + " {'matchLabels': {'later': 'x'}}}}}],"
                                + " 'infrastructure': {'labels': {'later': 'x'}}}");
        assertThat(fields.unsupported()).isEmpty();
        assertThat(fields.idle()).isEmpty();
    }

    @Test
    void namesOfSessions_closeNothing() {
        for (String kind : List.of("HTTPRoute", "GRPCRoute")) {
            UnservedFields fields =
                    fields(
                            kind,
                            "{'rules': [{'sessionPersistence': {'type': 'Cookie', 'sessionName':"
                                    + " 's', 'cookieConfig': {}, 'cookie': {'name': 's', 'path':"
                                    + " '/'}, 'header': {'name': 'x'}}}]}");
            assertThat(fields.unsupported()).isEmpty();
            assertThat(fields.idle()).isEmpty(); // a path of / is the default
        }
    }

    @Test
    void valuesOfAnotherType_areNoReasonToFail() {
        for (String odd :
                List.of("1", "[[[1]]]", "{'listeners': {'a': 1}}", "{'listeners': [[2]]}")) {
            assertThat(fields("Gateway", odd)).isNotNull();
        }
    }
}
