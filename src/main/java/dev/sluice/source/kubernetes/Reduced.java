package dev.sluice.source.kubernetes;

import dev.sluice.resource.Metadata;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is kept of an object that is beyond the budget of its namespace: its identity, its status,
/// and what it is attached to, so that it can be reported, and a policy that fails closed is
/// closed.
final class Reduced {

    private static final Set<String> KEPT =
            Set.of("gatewayClassName", "parentRef", "parentRefs", "targetRefs", "mode");

    /// Where sections of policies stand, besides the spec itself.
    private static final Set<String> GROUPS = Set.of("defaults", "overrides");

    private static final Set<String> IDENTITY =
            Set.of(
                    "name",
                    "namespace",
                    "uid",
                    "generation",
                    "resourceVersion",
                    "creationTimestamp",
                    "deletionTimestamp",
                    "labels",
                    "ownerReferences");

    private Reduced() {}

    /// @param policy whether the names of its sections say that they are there
    static ObjectNode of(JsonNode object, boolean policy, String excess) {
        ObjectNode reduced = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = reduced.putObject("metadata");
        object.path("metadata")
                .properties()
                .forEach(field -> {
                    if (IDENTITY.contains(field.getKey())) {
                        metadata.set(field.getKey(), field.getValue());
                    }
                });
        metadata.putObject("annotations").put(Metadata.OVER_BUDGET, excess);
        if (object.has("status")) {
            reduced.set("status", object.path("status"));
        }
        ObjectNode spec = reduced.putObject("spec");
        object.path("spec")
                .properties()
                .forEach(field -> {
                    if (KEPT.contains(field.getKey())) {
                        spec.set(field.getKey(), field.getValue());
                    } else if (policy && GROUPS.contains(field.getKey())) {
                        ObjectNode group = spec.putObject(field.getKey());
                        field.getValue().propertyNames().forEach(name -> group.put(name, false));
                    } else if (policy) {
                        spec.put(field.getKey(), false);
                    }
                });
        return reduced;
    }

    /// Without what nobody here asks for: who wrote which field, and the copy that kubectl keeps.
    static void strip(JsonNode object) {
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
            if (metadata.path("annotations") instanceof ObjectNode annotations) {
                annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
                annotations.remove(Metadata.OVER_BUDGET); // nobody but us may say so
            }
        }
    }
}
