package dev.sluice.source;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Metadata;
import dev.sluice.resource.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes our records of objects as they stand in files and on the API server.
public final class Decoder {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private Decoder() {}

    /// The record of an object, which knows of the fields that must not be skipped.
    ///
    /// @throws JacksonException when a field has another type than the kind gives it
    public static Resource decode(JsonNode object, Kind kind) {
        return decode(object, kind, object);
    }

    /// A record, and what is passed over of its object.
    ///
    /// @param ignored as [IgnoredFields#fields] gives them
    public record Decoded(Resource resource, List<String> ignored) {}

    /// The record of an object of an API server.
    ///
    /// @param defaults that it may have written into the object
    /// @throws JacksonException when a field has another type than the kind gives it
    public static Decoded read(JsonNode object, Kind kind, InstalledDefaults defaults) {
        UnservedFields fields = UnservedFields.of(kind, object, defaults);
        return new Decoded(
                decode(object, kind, fields), IgnoredFields.fields(kind, object, fields));
    }

    /// The same of an object whose unknown fields were taken out.
    ///
    /// @param written the object before that
    /// @throws JacksonException when a field has another type than the kind gives it
    public static Resource decode(JsonNode object, Kind kind, JsonNode written) {
        return decode(object, kind, UnservedFields.of(kind, written, InstalledDefaults.NONE));
    }

    /// What stands in the place of an object that was refused.
    ///
    /// @param object what could be read of it
    /// @param closed its parts that must not be served, such as `spec.listeners[0]`
    /// @param refusal why it was refused
    /// @throws JacksonException when a field has another type than the kind gives it
    public static Resource standIn(
            JsonNode object, Kind kind, List<String> closed, String refusal) {
        return JSON.treeToValue(marked(object, closed, refusal), kind.type());
    }

    private static Resource decode(JsonNode object, Kind kind, UnservedFields fields) {
        return JSON.treeToValue(marked(object, fields.unsupported(), null), kind.type());
    }

    /// The object itself where nothing is to be marked. What users wrote there is not taken.
    private static JsonNode marked(
            JsonNode object, List<String> unsupported, @Nullable String refusal) {
        JsonNode before = object.path("metadata");
        boolean written = before.has(Metadata.UNSUPPORTED) || before.has(Metadata.REFUSAL);
        if (unsupported.isEmpty() && refusal == null && !written) {
            return object;
        }
        ObjectNode copy = JSON.createObjectNode();
        object.properties().forEach(each -> copy.set(each.getKey(), each.getValue()));
        ObjectNode metadata = copy.putObject("metadata");
        before.properties().forEach(each -> metadata.set(each.getKey(), each.getValue()));
        ArrayNode marks = metadata.putArray(Metadata.UNSUPPORTED);
        unsupported.forEach(marks::add);
        metadata.put(Metadata.REFUSAL, refusal);
        return copy;
    }
}
