package dev.sluice.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.resource.Condition;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// Our records as JSON, without what is absent or empty. A condition has the form that it has in a
/// cluster.
final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .changeDefaultPropertyInclusion(
                            value -> value.withValueInclusion(JsonInclude.Include.NON_EMPTY))
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(Condition.class, new ConditionSerializer()))
                    .build();

    private Json() {}

    static JsonNode of(Object value) {
        return MAPPER.valueToTree(value);
    }

    private static final class ConditionSerializer extends ValueSerializer<Condition> {
        @Override
        public void serialize(Condition value, JsonGenerator out, SerializationContext context) {
            out.writeStartObject();
            out.writeStringProperty("type", value.type());
            out.writeStringProperty("status", value.status() ? "True" : "False");
            out.writeStringProperty("reason", value.reason());
            out.writeStringProperty("message", value.message());
            out.writeNumberProperty("observedGeneration", value.observedGeneration());
            out.writeEndObject();
        }
    }
}
