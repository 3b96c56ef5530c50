package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Policy;
import dev.sluice.source.Decoder;
import dev.sluice.source.InstalledDefaults;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The objects of one kind, as last heard of. Watches and the answers to our writes meet here; the
/// newer one wins.
final class KindStore implements WatchStore {

    private static final Logger LOG = LoggerFactory.getLogger(KindStore.class);

    private final Kind kind;
    private final Changes changes;
    private final NamespaceBudget budget;
    private final UnexpectedErrors errors;
    private final Map<ObjectRef, LiveObject> objects = new ConcurrentHashMap<>();
    private volatile InstalledDefaults defaults = InstalledDefaults.NONE;

    /// Told of what happens to the objects.
    interface Changes {

        /// What is translated of these objects has changed, or they are gone: all at once. The next
        /// snapshot takes them over; they alone are no reason to make one.
        void touched(Collection<ObjectRef> refs);

        /// Something has changed: a snapshot is to be made.
        void changed();

        /// Only a status has.
        void statusChanged(ObjectRef ref);

        /// How much is to be kept of these objects has changed: they have to be read again.
        void resized(Collection<ObjectRef> refs);
    }

    KindStore(Kind kind, Changes changes, NamespaceBudget budget, UnexpectedErrors errors) {
        this.budget = budget;
        this.errors = errors;
        this.kind = kind;
        this.changes = changes;
    }

    @Nullable LiveObject find(ObjectRef ref) {
        return objects.get(ref);
    }

    /// What a list holds, which comes to be in the place of what was known.
    private final class KindListing implements Listing {
        private final Map<ObjectRef, LiveObject> listed = new HashMap<>();
        private final Set<ObjectRef> stale = new LinkedHashSet<>();

        @Override
        public void add(JsonNode item) {
            LiveObject liveObject = decode(item, this::resized);
            if (liveObject != null) {
                ObjectRef ref = Kinds.ref(liveObject.resource());
                listed.put(ref, liveObject.after(objects.get(ref)));
            }
        }

        /// Those of the list go at once: their memory is what others are to have.
        private void resized(Set<ObjectRef> refs) {
            Set<ObjectRef> elsewhere = new HashSet<>(refs);
            elsewhere.removeIf(ref -> {
                boolean here = listed.remove(ref) != null || stale.contains(ref);
                if (here) {
                    stale.add(ref);
                }
                return here;
            });
            KindStore.this.resized(elsewhere);
        }

        @Override
        public @Nullable ObjectRef stale() {
            ObjectRef next = stale.isEmpty() ? null : stale.iterator().next();
            stale.remove(next);
            return next;
        }

        /// No snapshot is made for them yet.
        @Override
        public void end() {
            List<ObjectRef> changed = new ArrayList<>();
            synchronized (objects) {
                Set<ObjectRef> gone = new HashSet<>(objects.keySet());
                gone.removeAll(listed.keySet());
                listed.forEach((ref, liveObject) -> {
                    if (keep(ref, liveObject)) {
                        changed.add(ref);
                    }
                });
                objects.keySet().removeAll(gone);
                gone.forEach(KindStore.this::forget);
                changed.addAll(gone);
            }
            changes.touched(changed);
        }
    }

    @Override
    public Listing listing() {
        return new KindListing();
    }

    /// The API server writes these defaults into objects from now on.
    void take(InstalledDefaults installed) {
        List<ObjectRef> changed = new ArrayList<>();
        synchronized (objects) {
            defaults = installed;
            objects.forEach((ref, liveObject) -> {
                if (liveObject.written() != null && keep(ref, liveObject)) {
                    changed.add(ref);
                }
            });
        }
        if (!changed.isEmpty()) {
            changed(changed);
        }
    }

    private void forget(ObjectRef ref) {
        resized(budget.remove(ref));
    }

    private void resized(Set<ObjectRef> refs) {
        if (!refs.isEmpty()) {
            changes.resized(refs);
        }
    }

    private void changed(Collection<ObjectRef> refs) {
        changes.touched(refs);
        changes.changed();
    }

    @Override
    public void clear() {
        List<ObjectRef> gone = List.copyOf(objects.keySet());
        objects.clear();
        gone.forEach(this::forget);
        changed(gone);
    }

    @Override
    public void remove(JsonNode object) {
        remove(ref(object));
    }

    void remove(ObjectRef ref) {
        if (objects.remove(ref) != null) {
            forget(ref);
            changed(List.of(ref));
        }
    }

    /// Takes an object that was known already.
    void again(JsonNode object) {
        if (objects.containsKey(ref(object))) {
            put(object);
        }
    }

    private ObjectRef ref(JsonNode object) {
        return ref(kind, object);
    }

    /// Which object of a kind it is.
    static ObjectRef ref(Kind kind, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return new ObjectRef(
                kind.group(),
                kind.name(),
                metadata.path("namespace").asString(""),
                metadata.path("name").asString(""));
    }

    /// Its resourceVersion, empty for none.
    static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asString("");
    }

    @Override
    public void put(JsonNode object) {
        LiveObject liveObject = decode(object, this::resized);
        if (liveObject == null) {
            return;
        }
        ObjectRef ref = Kinds.ref(liveObject.resource());
        boolean changed;
        synchronized (objects) {
            LiveObject known = objects.get(ref);
            changed =
                    (known == null || !isOlder(liveObject.version(), known.version()))
                            && keep(ref, liveObject);
        }
        if (changed) {
            changed(List.of(ref));
        }
    }

    /// @return whether more than its status differs from what was known; of the status alone it
    ///   tells
    private boolean keep(ObjectRef ref, LiveObject read) {
        LiveObject known = objects.get(ref);
        JsonNode written = read.written();
        LiveObject liveObject =
                written == null ? read : live(written, read.version(), read.status());
        objects.put(ref, liveObject.after(known));
        if (known == null || !known.resource().equals(liveObject.resource())) {
            return true;
        }
        if (!known.version().equals(liveObject.version())) {
            changes.statusChanged(ref);
        }
        return false;
    }

    /// Resource versions are decimal numbers that grow (KEP-5504).
    static boolean isOlder(String version, String other) {
        return version.length() < other.length()
                || version.length() == other.length() && version.compareTo(other) < 0;
    }

    /// The object, or where its namespace has too much what is kept of it.
    private JsonNode kept(JsonNode object, Consumer<Set<ObjectRef>> resized) {
        Reduced.strip(object);
        ObjectRef ref = ref(object);
        Instant created = created(object.path("metadata").path("creationTimestamp"));
        resized.accept(budget.put(ref, created, NamespaceBudget.size(object)));
        String excess = budget.excess(ref);
        return excess.isEmpty()
                ? object
                : Reduced.of(object, Policy.class.isAssignableFrom(kind.type()), excess);
    }

    private static Instant created(JsonNode text) {
        try {
            return Instant.parse(text.asString(""));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /// @return null for an object that cannot be read: the others are not to suffer
    private @Nullable LiveObject decode(JsonNode object, Consumer<Set<ObjectRef>> resized) {
        try {
            JsonNode kept = kept(object, resized);
            return live(kept, version(object), kind.answered() ? object.path("status") : null);
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

    private LiveObject live(JsonNode written, String version, @Nullable JsonNode status) {
        Decoder.Decoded decoded = Decoder.read(written, kind, defaults);
        boolean whole = decoded.resource().metadata().unsupported().isEmpty();
        return new LiveObject(
                decoded.resource(), version, status, decoded.ignored(), whole ? null : written);
    }
}
