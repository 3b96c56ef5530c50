package dev.sluice.source;

import dev.sluice.resource.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Fields that are valid, but that have no effect here, and do no harm. docs/resources.md says why.
public final class IgnoredFields {

    /// Of Kubernetes' own kinds, without the indexes of lists. Those of Gateway API have a table.
    private static final Map<String, List<String>> FIELDS =
            Map.of(
                    "Service",
                    List.of(
                            "spec.selector",
                            "spec.publishNotReadyAddresses",
                            "spec.sessionAffinity",
                            "spec.sessionAffinityConfig",
                            "spec.trafficDistribution"),
                    "EndpointSlice",
                    List.of("endpoints.hints"),
                    "ConfigMap",
                    List.of("binaryData"));

    private IgnoredFields() {}

    /// Those of a kind of Kubernetes' own.
    static List<String> of(String kind) {
        return FIELDS.getOrDefault(kind, List.of());
    }

    /// Those that an object has, in order.
    public static List<String> fields(Kind kind, JsonNode object) {
        return fields(kind, object, UnservedFields.of(kind, object, InstalledDefaults.NONE));
    }

    static List<String> fields(Kind kind, JsonNode object, UnservedFields unserved) {
        List<String> all = new ArrayList<>(unserved.idle());
        of(kind.name()).stream().filter(field -> has(object, field)).sorted().forEach(all::add);
        return List.copyOf(all);
    }

    /// What is reported of them to users.
    public static String message(List<String> fields) {
        return "valid, but of no effect here: " + String.join(", ", fields);
    }

    private static boolean has(JsonNode value, String field) {
        if (value.isArray()) {
            return value.valueStream().anyMatch(each -> has(each, field));
        }
        int dot = field.indexOf('.');
        return dot < 0
                ? value.has(field)
                : has(value.path(field.substring(0, dot)), field.substring(dot + 1));
    }
}
