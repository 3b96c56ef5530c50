package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resource;
import dev.sluice.source.Decoder;
import dev.sluice.source.NotHonoured;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final UnexpectedErrors errors;
    private final Map<ObjectRef, Live> objects = new ConcurrentHashMap<>();

    /// Told of what happens to the objects.
    interface Changes {

        /// What is translated of these objects has changed, or they are gone: all at once. The next
        /// snapshot takes them over; they alone are no reason to make one.
        void touched(Collection<ObjectRef> refs);

        /// Something has changed: a snapshot is to be made.
        void changed();

        /// Only a status has.
        void statusChanged(ObjectRef ref);
    }

    KindObjects(Kind kind, Changes changes, UnexpectedErrors errors) {
        this.errors = errors;
        this.kind = kind;
        this.changes = changes;
    }

    @Nullable Live find(ObjectRef ref) {
        return objects.get(ref);
    }

    /// Takes what a list holds in the place of what was known. No snapshot is made for it yet.
    void replace(Iterable<JsonNode> items) {
        List<ObjectRef> changed = new ArrayList<>();
        synchronized (objects) {
            Set<ObjectRef> gone = new HashSet<>(objects.keySet());
            for (JsonNode item : items) {
                Live live = decode(item);
                if (live != null) {
                    ObjectRef ref = Kinds.ref(live.resource());
                    gone.remove(ref);
                    if (keep(ref, live)) {
                        changed.add(ref);
                    }
                }
            }
            objects.keySet().removeAll(gone);
            changed.addAll(gone);
        }
        changes.touched(changed);
    }

    private void changed(Collection<ObjectRef> refs) {
        changes.touched(refs);
        changes.changed();
    }

    void clear() {
        List<ObjectRef> gone = List.copyOf(objects.keySet());
        objects.clear();
        changed(gone);
    }

    void remove(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        ObjectRef ref =
                new ObjectRef(
                        kind.group(),
                        kind.name(),
                        metadata.path("namespace").asString(""),
                        metadata.path("name").asString(""));
        if (objects.remove(ref) != null) {
            changed(List.of(ref));
        }
    }

    void put(JsonNode object) {
        Live live = decode(object);
        if (live == null) {
            return;
        }
        ObjectRef ref = Kinds.ref(live.resource());
        boolean changed;
        synchronized (objects) {
            Live known = objects.get(ref);
            changed =
                    (known == null || !isOlder(live.version(), known.version())) && keep(ref, live);
        }
        if (changed) {
            changed(List.of(ref));
        }
    }

    /// @return whether more than its status differs from what was known; of the status alone it tells
    private boolean keep(ObjectRef ref, Live live) {
        Live known = objects.get(ref);
        objects.put(ref, live.after(known));
        if (known == null || !known.resource().equals(live.resource())) {
            return true;
        }
        if (!known.version().equals(live.version())) {
            changes.statusChanged(ref);
        }
        return false;
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
        } catch (Throwable e) {
            JsonNode metadata = object.path("metadata");
            errors.report(
                    "source.decode",
                    kind.name()
                            + " "
                            + metadata.path("namespace").asString("")
                            + "/"
                            + metadata.path("name").asString(""),
                    e);
            return null;
        }
    }
}
