package dev.sluice.source.kubernetes;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Resource;
import dev.sluice.source.Decoder;
import dev.sluice.source.NotHonoured;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The objects of one kind, as last heard of. Watches and the answers to our writes meet here; the
/// newer one wins.
final class KindObjects {

    private static final Logger LOG = LoggerFactory.getLogger(KindObjects.class);

    private final Kind kind;
    private final Changes changes;
    private final Map<String, Live> objects = new ConcurrentHashMap<>();

    /// Told of what happens to the objects.
    interface Changes {

        /// What is translated has changed.
        void changed();

        /// Only a status has.
        void statusChanged();
    }

    KindObjects(Kind kind, Changes changes) {
        this.kind = kind;
        this.changes = changes;
    }

    Collection<Live> all() {
        return objects.values();
    }

    @Nullable Live find(String namespace, String name) {
        return objects.get(namespace + "/" + name);
    }

    /// Takes what a list holds in the place of what was known, and tells nobody.
    void replace(Iterable<JsonNode> items) {
        Map<String, Live> listed = new HashMap<>();
        for (JsonNode item : items) {
            Live live = decode(item);
            if (live != null) {
                String key = key(live.resource());
                listed.put(key, live.after(objects.get(key)));
            }
        }
        objects.keySet().retainAll(listed.keySet());
        objects.putAll(listed);
    }

    void clear() {
        objects.clear();
        changes.changed();
    }

    void remove(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        String key =
                metadata.path("namespace").asString("") + "/" + metadata.path("name").asString("");
        if (objects.remove(key) != null) {
            changes.changed();
        }
    }

    void put(JsonNode object) {
        Live live = decode(object);
        if (live == null) {
            return;
        }
        String key = key(live.resource());
        Live known;
        Live kept;
        synchronized (objects) {
            known = objects.get(key);
            if (known != null && isOlder(live.version(), known.version())) {
                return;
            }
            kept = live.after(known);
            objects.put(key, kept);
        }
        if (known != null && known.resource().equals(kept.resource())) {
            changes.statusChanged();
        } else {
            changes.changed();
        }
    }

    /// Resource versions are decimal numbers that grow (KEP-5504).
    static boolean isOlder(String version, String other) {
        return version.length() < other.length()
                || version.length() == other.length() && version.compareTo(other) < 0;
    }

    /// @return null for an object that cannot be read: the others are not to suffer
    private @Nullable Live decode(JsonNode object) {
        try {
            Resource resource = Decoder.decode(object, kind);
            String version = object.path("metadata").path("resourceVersion").asString("");
            JsonNode status = kind.answered() ? object.path("status") : null;
            return new Live(resource, version, status, NotHonoured.fields(kind, object));
        } catch (JacksonException e) {
            LOG.error(
                    "{} {}/{} cannot be read: {}",
                    kind.name(),
                    object.path("metadata").path("namespace").asString(""),
                    object.path("metadata").path("name").asString(""),
                    e.getOriginalMessage());
            return null;
        }
    }

    private static String key(Resource resource) {
        return resource.namespace() + "/" + resource.name();
    }
}
