package dev.sluice.source;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.json.JsonMapper;

/// Makes our records of objects as they stand in files and on the API server.
public final class Decoder {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private Decoder() {}

    /// @throws JacksonException when a field has another type than the kind gives it
    public static Resource decode(JsonNode object, Kind kind) {
        return JSON.treeToValue(object, kind.type());
    }

    /// Fields of the spec that we do not read: misspelt, or of no effect here.
    public static List<String> unknownFields(JsonNode object, Kind kind) {
        Unknown unknown = new Unknown();
        JSON.rebuild().addHandler(unknown).build().treeToValue(object, kind.type());
        return unknown.fields;
    }

    private static final class Unknown extends DeserializationProblemHandler {
        private final List<String> fields = new ArrayList<>();

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                ValueDeserializer<?> deserializer,
                Object owner,
                String name) {
            // The context stands at the field, whose own name it does not tell.
            String pointer = parser.streamReadContext().pathAsPointer().toString();
            String path = pointer.replaceFirst("/[^/]*$", "").replaceFirst("/+$", "") + "/" + name;
            if (path.startsWith("/spec/")) {
                fields.add(
                        path.substring(1).replaceAll("/([0-9]+)(?=/)", "[$1]").replace('/', '.'));
            }
            parser.skipChildren();
            return true;
        }
    }
}
