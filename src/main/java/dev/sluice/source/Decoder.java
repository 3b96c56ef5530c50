package dev.sluice.source;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Resource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
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
}
