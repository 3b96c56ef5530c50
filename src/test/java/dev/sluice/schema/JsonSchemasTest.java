package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class JsonSchemasTest {

    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default",
                "properties",
                "x-kubernetes-validations",
                "x-kubernetes-int-or-string",
                "enum",
                "type"
            })
    void fieldNamedAsAKeyword_isChecked(String name) {
        JsonNode structural =
                YAML.readTree(
                        """
                        type: object
                        properties:
                          %1$s:
                            type: object
                            required: [name]
                            properties: {%1$s: {type: integer}, name: {type: string}}
                        """
                                .formatted(name));
        JsonNode object = YAML.readTree("%1$s: {%1$s: text}".formatted(name));

        List<Violation> violations = JsonSchemas.check(JsonSchemas.compile(structural), object);

        assertThat(violations)
                .extracting(violation -> violation.path().toString())
                .containsExactlyInAnyOrder(name + ".name", name + "." + name);
    }
}
