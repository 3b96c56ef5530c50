package dev.sluice.source.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The objects of an API server by their paths, their versions, and what became of them. Who waits
/// for events waits on this.
class FakeObjects {

    static final JsonMapper JSON = JsonMapper.builder().build();

    final Map<String, ObjectNode> objects = new TreeMap<>();
    final List<Event> events = new ArrayList<>();
    long version = 100;

    /// The version that history begins with.
    long oldest;

    record Event(long version, String type, ObjectNode object, String key) {}

    /// No watch can go on from before this moment.
    synchronized void forgetHistory() {
        oldest = ++version;
        events.clear();
    }

    /// Puts an object, as a user would.
    ///
    /// @param path such as `/api/v1/namespaces/a/secrets/b`
    synchronized void put(String path, String object) {
        ObjectNode node = (ObjectNode) JSON.readTree(object.replace('\'', '"'));
        ObjectNode metadata = node.withObject("metadata");
        ObjectNode before = objects.get(path);
        String[] parts = path.split("/", -1);
        metadata.put("name", parts[parts.length - 1]);
        if (path.contains("/namespaces/")) {
            metadata.put("namespace", path.replaceAll(".*/namespaces/([^/]+)/.*", "$1"));
        }
        boolean sameSpec = before != null && before.path("spec").equals(node.path("spec"));
        long generation = before == null ? 1 : before.path("metadata").path("generation").asLong();
        metadata.put("generation", sameSpec || before == null ? generation : generation + 1);
        metadata.put("uid", path);
        store(path, node, before == null ? "ADDED" : "MODIFIED");
    }

    synchronized void delete(String path) {
        ObjectNode gone = objects.remove(path);
        if (gone != null) {
            stamp(gone);
            events.add(new Event(version, "DELETED", gone, path));
            notifyAll();
        }
    }

    /// The objects below a path.
    synchronized List<JsonNode> below(String path) {
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(path + "/"))
                .map(entry -> (JsonNode) entry.getValue().deepCopy())
                .toList();
    }

    synchronized JsonNode get(String path) {
        ObjectNode node = objects.get(path);
        return node == null ? JSON.missingNode() : node.deepCopy();
    }

    synchronized int create(String path, JsonNode sent) {
        if (objects.containsKey(path)) {
            return 409;
        }
        store(path, (ObjectNode) sent, "ADDED");
        return 201;
    }

    synchronized int replace(String path, JsonNode sent, ObjectNode answer) {
        ObjectNode before = objects.get(path);
        if (before == null) {
            return 404;
        }
        if (!version(before).equals(version(sent))) {
            return 409;
        }
        store(path, (ObjectNode) sent, "MODIFIED");
        answer.setAll((ObjectNode) sent.deepCopy());
        return 200;
    }

    synchronized int patch(String path, JsonNode sent, ObjectNode answer) {
        boolean status = path.endsWith("/status");
        String of = status ? path.substring(0, path.length() - "/status".length()) : path;
        ObjectNode before = objects.get(of);
        if (status && before == null) {
            return 404;
        }
        if (before != null && !version(sent).isEmpty() && !version(before).equals(version(sent))) {
            return 409;
        }
        ObjectNode next = before == null ? JSON.createObjectNode() : before.deepCopy();
        merge(next, (ObjectNode) sent);
        store(of, next, before == null ? "ADDED" : "MODIFIED");
        answer.setAll(next.deepCopy());
        return 200;
    }

    private void store(String path, ObjectNode node, String type) {
        stamp(node);
        objects.put(path, node);
        events.add(new Event(version, type, node.deepCopy(), path));
        notifyAll();
    }

    private void stamp(ObjectNode node) {
        version++;
        node.withObject("metadata").put("resourceVersion", String.valueOf(version));
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        patch.properties()
                .forEach(field -> {
                    if (field.getValue().isNull()) {
                        into.remove(field.getKey());
                    } else if (field.getValue() instanceof ObjectNode o
                            && into.get(field.getKey()) instanceof ObjectNode known) {
                        merge(known, o);
                    } else {
                        into.set(field.getKey(), field.getValue());
                    }
                });
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asString("");
    }
}
