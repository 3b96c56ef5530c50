package dev.sluice.source.kubernetes;

import dev.sluice.resource.Condition;
import dev.sluice.resource.ConditionType;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.Policy;
import dev.sluice.resource.Route;
import dev.sluice.resource.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Puts what we answer into a status as it stands on the API server. What others wrote stays as it
/// is: their types of conditions, their parents and ancestors. A condition whose status does not
/// change keeps its time of transition.
final class StatusMerge {

    /// Types that the CRDs put there until somebody answers.
    private static final Set<String> WAITING = Set.of("Ready", "Scheduled", "Detached");

    /// Types that say which policies are attached to an object.
    private static final Set<String> AFFECTED =
            Kinds.all().stream()
                    .filter(kind -> Policy.class.isAssignableFrom(kind.type()))
                    .map(kind -> Condition.affected(kind, "", 0).type())
                    .collect(Collectors.toUnmodifiableSet());

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String controller;
    private final String now;

    StatusMerge(String controller, Instant now) {
        this.controller = controller;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Whether we write that type: one that we no longer answer goes.
    private static boolean isOurs(String type) {
        return ConditionType.of(type) != null || AFFECTED.contains(type);
    }

    /// @param live the status as it stands, missing for none
    /// @return the whole new status; equal to the live one when nothing changes
    ObjectNode merge(JsonNode live, Status status) {
        ObjectNode merged = live instanceof ObjectNode o ? o.deepCopy() : NODES.objectNode();
        switch (status) {
            case Status.OfGatewayClass(var conditions, var features) -> {
                conditions(merged, live, conditions);
                ArrayNode names = merged.putArray("supportedFeatures");
                features.forEach(feature -> names.addObject().put("name", feature));
            }
            case Status.OfGateway gateway -> {
                conditions(merged, live, gateway.conditions());
                listeners(merged, live, gateway.listeners());
                ArrayNode addresses = merged.putArray("addresses");
                for (Status.Address address : gateway.addresses()) {
                    addresses.addObject().put("type", address.type()).put("value", address.value());
                }
                if (gateway.addresses().isEmpty()) {
                    merged.remove("addresses");
                }
                merged.put("attachedListenerSets", gateway.attachedListenerSets());
            }
            case Status.OfListenerSet set -> {
                conditions(merged, live, set.conditions());
                listeners(merged, live, set.listeners());
            }
            case Status.OfRoute(var parents) -> {
                List<StatusEntry> entries =
                        parents.stream()
                                .map(parent ->
                                        new StatusEntry(parent.parentRef(), parent.conditions()))
                                .toList();
                entries(merged, live, "parents", "parentRef", entries);
            }
            case Status.OfPolicy(var ancestors) -> {
                List<StatusEntry> entries =
                        ancestors.stream()
                                .map(one -> new StatusEntry(one.ancestorRef(), one.conditions()))
                                .toList();
                entries(merged, live, "ancestors", "ancestorRef", entries);
            }
        }
        return merged;
    }

    /// What is reported for one parent or ancestor.
    private record StatusEntry(Route.ParentRef ref, List<Condition> conditions) {}

    private void entries(
            ObjectNode merged, JsonNode live, String list, String name, List<StatusEntry> ours) {
        ArrayNode result = NODES.arrayNode();
        List<StatusEntry> left = new ArrayList<>(ours);
        for (JsonNode entry : live.path(list)) {
            if (!entry.path("controllerName").asString("").equals(controller)) {
                result.add(entry);
                continue;
            }
            StatusEntry known = find(left, entry.path(name));
            if (known != null) {
                left.remove(known);
                result.add(entry(name, known, entry));
            }
        }
        left.forEach(statusEntry -> result.add(entry(name, statusEntry, NODES.missingNode())));
        merged.set(list, result);
    }

    private static @Nullable StatusEntry find(List<StatusEntry> entries, JsonNode ref) {
        return entries.stream().filter(e -> ref(e.ref()).equals(ref)).findFirst().orElse(null);
    }

    private ObjectNode entry(String name, StatusEntry statusEntry, JsonNode live) {
        ObjectNode node = live instanceof ObjectNode o ? o.deepCopy() : NODES.objectNode();
        node.set(name, ref(statusEntry.ref()));
        node.put("controllerName", controller);
        conditions(node, live, statusEntry.conditions());
        return node;
    }

    private static ObjectNode ref(Route.ParentRef ref) {
        ObjectNode node =
                NODES.objectNode()
                        .put("group", ref.group())
                        .put("kind", ref.kind())
                        .put("name", ref.name());
        if (ref.namespace() != null) {
            node.put("namespace", ref.namespace());
        }
        if (ref.sectionName() != null) {
            node.put("sectionName", ref.sectionName());
        }
        if (ref.port() != null) {
            node.put("port", ref.port());
        }
        return node;
    }

    private void listeners(ObjectNode merged, JsonNode live, List<Status.OfListener> listeners) {
        ArrayNode result = NODES.arrayNode();
        for (Status.OfListener listener : listeners) {
            JsonNode before = NODES.missingNode();
            for (JsonNode each : live.path("listeners")) {
                if (each.path("name").asString("").equals(listener.name())) {
                    before = each;
                }
            }
            ObjectNode node =
                    before instanceof ObjectNode known ? known.deepCopy() : NODES.objectNode();
            node.put("name", listener.name());
            ArrayNode kinds = node.putArray("supportedKinds");
            for (Gateway.RouteKind kind : listener.supportedKinds()) {
                kinds.addObject().put("group", kind.group()).put("kind", kind.kind());
            }
            node.put("attachedRoutes", listener.attachedRoutes());
            conditions(node, before, listener.conditions());
            result.add(node);
        }
        if (listeners.isEmpty()) {
            merged.remove("listeners");
        } else {
            merged.set("listeners", result);
        }
    }

    private void conditions(ObjectNode merged, JsonNode live, List<Condition> conditions) {
        ArrayNode result = NODES.arrayNode();
        Set<String> done = new HashSet<>();
        for (JsonNode before : live.path("conditions")) {
            String type = before.path("type").asString("");
            Condition ours =
                    conditions.stream().filter(c -> c.type().equals(type)).findFirst().orElse(null);
            if (ours != null) {
                done.add(type);
                result.add(condition(ours, before));
            } else if (!isOurs(type) && !WAITING.contains(type)) {
                result.add(before);
            }
        }
        for (Condition condition : conditions) {
            if (!done.contains(condition.type())) {
                result.add(condition(condition, NODES.missingNode()));
            }
        }
        merged.set("conditions", result);
    }

    /// As the parser makes it, so that equal numbers are equal nodes.
    private static JsonNode number(long value) {
        return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    private ObjectNode condition(Condition condition, JsonNode before) {
        String status = condition.status() ? "True" : "False";
        boolean same = before.path("status").asString("").equals(status);
        ObjectNode node = before instanceof ObjectNode o ? o.deepCopy() : NODES.objectNode();
        node.put(
                "lastTransitionTime", same ? before.path("lastTransitionTime").asString(now) : now);
        node.put("message", condition.message());
        node.set("observedGeneration", number(condition.observedGeneration()));
        node.put("reason", condition.reason());
        node.put("status", status);
        node.put("type", condition.type());
        return node;
    }
}
