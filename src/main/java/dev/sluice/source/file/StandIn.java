package dev.sluice.source.file;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Resource;
import dev.sluice.schema.Admission;
import dev.sluice.schema.FieldPath;
import dev.sluice.schema.KindSchema;
import dev.sluice.schema.Violation;
import dev.sluice.source.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What stands in the place of an object that was refused and has no good version, so that nothing
/// is open for that: of a policy that protects its targets; of a Gateway or ListenerSet its
/// listeners, of which only those are served in which nothing is wrong, and none where something
/// beside them is; of a route what [RouteStandIn] says. Misspelt fields are read as those that they
/// resemble.
final class StandIn {

    private static final String LISTENERS = "spec.listeners[";
    private static final Set<String> MODES = Set.of("Enforce", "Shadow", "Off");

    private final KindSchema schema;
    private final ObjectNode written;
    private final JsonNode spec;

    private StandIn(KindSchema schema, ObjectNode written) {
        this.schema = schema;
        this.written = written;
        this.spec = schema.corrected(written).path("spec");
    }

    /// @param written with its metadata completed
    /// @param refusal why it was refused
    /// @return null where nothing can be read, or nothing can be open
    static @Nullable Resource of(Kind kind, KindSchema schema, ObjectNode written, String refusal) {
        StandIn made = new StandIn(schema, written);
        try {
            return switch (kind.name()) {
                case "HTTPRoute", "GRPCRoute" ->
                        made.decoded(
                                kind, RouteStandIn.of(schema, made.spec), List.of("spec"), refusal);
                case "AuthPolicy", "BackendTLSPolicy" ->
                        made.decoded(kind, made.targets(), List.of("spec"), refusal);
                case "Gateway", "ListenerSet" -> made.ofListeners(kind, refusal);
                default -> null;
            };
        } catch (JacksonException e) {
            return null; // Not even its names have the form of names.
        }
    }

    private @Nullable Resource decoded(
            Kind kind, @Nullable ObjectNode readable, List<String> closed, String refusal) {
        if (readable == null) {
            return null;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.set("metadata", written.path("metadata"));
        object.set("spec", readable);
        return Decoder.standIn(object, kind, closed, refusal);
    }

    /// Of a policy.
    private @Nullable ObjectNode targets() {
        ObjectNode readable = schema.fitting("targetRefs", spec.path("targetRefs"));
        if (readable.path("targetRefs").isEmpty()) {
            return null;
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.set("targetRefs", readable.path("targetRefs"));
        if (MODES.contains(spec.path("mode").asString(""))) {
            kept.set("mode", spec.path("mode"));
        }
        return kept;
    }

    private @Nullable Resource ofListeners(Kind kind, String refusal) {
        ObjectNode beside = JsonNodeFactory.instance.objectNode();
        spec.properties()
                .forEach(field -> {
                    if (!field.getKey().equals("listeners")) {
                        beside.set(field.getKey(), field.getValue());
                    }
                });
        ObjectNode readable = schema.fitting(beside);
        if (!readable.has("gatewayClassName") && !readable.has("parentRef")) {
            return null;
        }
        ArrayNode listeners = readable.putArray("listeners");
        List<String> closed =
                new ArrayList<>(
                        faults(schema.admit(written))
                                .filter(fault -> !fault.startsWith(LISTENERS))
                                .toList());
        JsonNode all = written.path("spec").path("listeners");
        for (int i = 0; i < spec.path("listeners").size(); i++) {
            JsonNode one = spec.path("listeners").path(i);
            JsonNode fit =
                    schema.fitting("listeners", JsonNodeFactory.instance.arrayNode().add(one))
                            .path("listeners")
                            .path(0);
            if (!fit.has("name") || !fit.has("port") || !fit.has("protocol")) {
                continue;
            }
            if (isAtFault(all.path(i))) {
                closed.add(LISTENERS + listeners.size() + "]");
            }
            listeners.add(fit);
        }
        return decoded(kind, readable, closed, refusal);
    }

    private boolean isAtFault(JsonNode listener) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("spec").putArray("listeners").add(listener);
        return faults(schema.admit(object)).anyMatch(fault -> fault.startsWith(LISTENERS));
    }

    private static Stream<String> faults(Admission admission) {
        return Stream.concat(
                admission.unknown().stream().map(FieldPath::toString),
                admission.violations().stream().map(Violation::path).map(FieldPath::toString));
    }
}
