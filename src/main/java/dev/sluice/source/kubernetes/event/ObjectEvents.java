package dev.sluice.source.kubernetes.event;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.source.kubernetes.api.ApiServer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Events on users' objects, for what changes their fate: that they, or a part of them, are not
/// accepted, not programmed or refer to what is not there, and that they are again. One of an
/// object and reason in [EventBudget#PERIOD], and so many of a namespace.
public final class ObjectEvents {

    private static final Set<String> TYPES = Set.of("Accepted", "Programmed", "ResolvedRefs");

    /// Nothing is wrong yet: it is being done.
    private static final Set<String> UNDERWAY = Set.of("Pending", "AddressNotAssigned");

    private final EventWriter writer;
    private final String controller;
    private final EventBudget budget = new EventBudget(System::nanoTime);

    /// @param controller whose entries of parents and ancestors are ours
    public ObjectEvents(ApiServer server, String controller) {
        this.writer = new EventWriter(server);
        this.controller = controller;
    }

    /// Its status was changed by us.
    ///
    /// @param before as it was, missing for none
    /// @param after as it is now
    public void changed(Resource object, JsonNode before, JsonNode after) {
        Map<String, JsonNode> was = bad(before);
        Map<String, JsonNode> is = bad(after);
        is.forEach((place, condition) -> {
            JsonNode known = was.get(place);
            String reason = condition.path("reason").asString("");
            if (known == null || !known.path("reason").asString("").equals(reason)) {
                write(
                        object,
                        "Warning",
                        reason,
                        place + " is False: " + condition.path("message").asString(""));
            }
        });
        was.forEach((place, condition) -> {
            if (!is.containsKey(place)) {
                String type = condition.path("type").asString("");
                write(object, "Normal", type, place + " is no longer False");
            }
        });
    }

    /// Reports something that needs attention.
    ///
    /// @param reason one word in upper camel case
    public void warn(Resource object, String reason, String message) {
        write(object, "Warning", reason, message);
    }

    private void write(Resource object, String type, String reason, String message) {
        ObjectRef ref = Kinds.ref(object);
        Kind kind = Kinds.of(object.getClass());
        if (budget.take(ref, reason)) {
            String version = kind.versions().get(0);
            writer.write(
                    new EventWriter.Involved(
                            kind.group().isEmpty() ? version : kind.group() + "/" + version,
                            kind.name(),
                            ref.namespace(),
                            ref.name(),
                            object.metadata().uid()),
                    type,
                    reason,
                    message);
        }
    }

    /// The conditions that say that something is wrong, by the place where they stand and their
    /// type.
    private Map<String, JsonNode> bad(JsonNode status) {
        Map<String, JsonNode> bad = new TreeMap<>();
        add(bad, "", status);
        for (JsonNode listener : status.path("listeners")) {
            add(bad, "listener " + listener.path("name").asString("") + ": ", listener);
        }
        entries(bad, status.path("parents"), "parentRef");
        entries(bad, status.path("ancestors"), "ancestorRef");
        return bad;
    }

    private void entries(Map<String, JsonNode> bad, JsonNode entries, String ref) {
        for (JsonNode entry : entries) {
            if (entry.path("controllerName").asString("").equals(controller)) {
                add(bad, place(entry.path(ref)), entry);
            }
        }
    }

    private static String place(JsonNode ref) {
        String section = ref.path("sectionName").asString("");
        String port = ref.path("port").asString("");
        return ref.path("kind").asString("Gateway")
                + " "
                + ref.path("name").asString("")
                + (section.isEmpty() ? "" : "/" + section)
                + (port.isEmpty() ? "" : ":" + port)
                + ": ";
    }

    private static void add(Map<String, JsonNode> bad, String place, JsonNode holder) {
        for (JsonNode condition : holder.path("conditions")) {
            String type = condition.path("type").asString("");
            if (TYPES.contains(type)
                    && condition.path("status").asString("").equals("False")
                    && !UNDERWAY.contains(condition.path("reason").asString(""))) {
                bad.put(place + type, condition);
            }
        }
    }
}
