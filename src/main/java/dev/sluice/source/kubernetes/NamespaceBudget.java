package dev.sluice.source.kubernetes;

import dev.sluice.resource.ObjectRef;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Bounds what is kept of the objects of each namespace. The oldest are kept whole for as long as
/// they fit together; of those that are newer only the identity is. So nobody who may write into
/// one namespace can take the memory that others need. Objects without a namespace are the
/// administrator's.
final class NamespaceBudget {

    private static final Comparator<StoredObject> BY_AGE =
            Comparator.comparing(StoredObject::created).thenComparing(StoredObject::ref);

    /// Bytes of an object besides its texts.
    private static final int EACH = 200;

    private final long most;
    private final Map<String, Room> rooms = new HashMap<>();

    /// @param most bytes of a namespace
    NamespaceBudget(long most) {
        this.most = most;
    }

    private record StoredObject(ObjectRef ref, Instant created) {}

    private static final class Room {
        private final TreeMap<StoredObject, Long> entries = new TreeMap<>(BY_AGE);
        private final Map<ObjectRef, StoredObject> byRef = new HashMap<>();
        private Set<ObjectRef> over = Set.of();
        private long total;

        long remove(ObjectRef ref) {
            StoredObject storedObject = byRef.remove(ref);
            Long bytes = storedObject == null ? null : entries.remove(storedObject);
            return bytes == null ? 0 : bytes;
        }
    }

    /// About how much memory the texts of an object take.
    static long size(JsonNode node) {
        long size = 16;
        if (node.isString()) {
            return size + node.asString().length();
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                size += size(element);
            }
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            size += size(field.getValue());
        }
        return size;
    }

    /// An object is there, or has changed.
    ///
    /// @return other objects that have to be read again, since they are to be kept whole now, or
    ///   not any more
    synchronized Set<ObjectRef> put(ObjectRef ref, Instant created, long bytes) {
        if (ref.namespace().isEmpty()) {
            return Set.of();
        }
        Room room = rooms.computeIfAbsent(ref.namespace(), _ -> new Room());
        room.total -= room.remove(ref);
        StoredObject storedObject = new StoredObject(ref, created);
        room.byRef.put(ref, storedObject);
        room.entries.put(storedObject, bytes + EACH);
        room.total += bytes + EACH;
        Set<ObjectRef> changed = judge(room);
        changed.remove(ref);
        return changed;
    }

    /// An object is gone.
    ///
    /// @return objects that have to be read again
    synchronized Set<ObjectRef> remove(ObjectRef ref) {
        Room room = rooms.get(ref.namespace());
        if (room == null) {
            return Set.of();
        }
        room.total -= room.remove(ref);
        if (room.entries.isEmpty()) {
            rooms.remove(ref.namespace());
            return Set.of();
        }
        Set<ObjectRef> changed = judge(room);
        changed.remove(ref);
        return changed;
    }

    private Set<ObjectRef> judge(Room room) {
        if (room.total <= most && room.over.isEmpty()) {
            return new HashSet<>();
        }
        Set<ObjectRef> over = new HashSet<>();
        long sum = 0;
        for (Map.Entry<StoredObject, Long> each : room.entries.entrySet()) {
            sum += each.getValue();
            if (sum > most) {
                over.add(each.getKey().ref());
            }
        }
        Set<ObjectRef> changed = new HashSet<>(over);
        changed.removeAll(room.over);
        for (ObjectRef before : room.over) {
            if (!over.contains(before)) {
                changed.add(before);
            }
        }
        room.over = over;
        return changed;
    }

    /// Why only the identity of an object is kept; empty when it is kept whole.
    synchronized String excess(ObjectRef ref) {
        Room room = rooms.get(ref.namespace());
        return room == null || !room.over.contains(ref)
                ? ""
                : "the %d objects of namespace %s take %d bytes, of which %d are kept; newer ones, and this one among them, are not served"
                        .formatted(room.entries.size(), ref.namespace(), room.total, most);
    }
}
