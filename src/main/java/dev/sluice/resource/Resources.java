package dev.sluice.resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A snapshot of everything that users wrote, with the indexes that translation needs. Immutable.
public final class Resources {

    private static final KindSnapshot NONE = new KindSnapshot(Map.of());

    public static final Resources EMPTY = new Resources(Map.of(), Map.of());

    private final Map<Class<?>, KindSnapshot> byKind;
    private final Map<ObjectRef, List<EndpointSlice>> slices;

    /// @param slices by their Service, oldest first
    private Resources(
            Map<Class<?>, KindSnapshot> byKind, Map<ObjectRef, List<EndpointSlice>> slices) {
        this.byKind = byKind;
        this.slices = slices;
    }

    /// A snapshot of these objects; of two with one identity the last.
    public static Resources of(Collection<? extends Resource> objects) {
        return EMPTY.with(objects);
    }

    /// A snapshot of these objects: equal to a new one, but what did not change since the one
    /// before is shared with it.
    public static Resources after(Resources before, Collection<? extends Resource> objects) {
        Set<ObjectRef> gone = new HashSet<>();
        before.byKind.values().forEach(kind -> gone.addAll(kind.refs()));
        objects.forEach(object -> gone.remove(Kinds.ref(object)));
        return before.with(objects, gone);
    }

    /// A snapshot with these objects, in the place of those that have the same identity.
    public Resources with(Collection<? extends Resource> objects) {
        return with(objects, Set.of());
    }

    /// A snapshot that is made of this one: it costs what changes, the rest is shared.
    ///
    /// @param objects new ones, and others in the place of those that have the same identity
    /// @param gone those that are there no more
    public Resources with(Collection<? extends Resource> objects, Collection<ObjectRef> gone) {
        Map<Class<?>, Map<ObjectRef, @Nullable Resource>> changes = new HashMap<>();
        for (ObjectRef ref : gone) {
            Kind kind = Kinds.find(ref.group(), ref.kind());
            if (kind != null) {
                changes.computeIfAbsent(kind.type(), _ -> new HashMap<>()).put(ref, null);
            }
        }
        for (Resource object : objects) {
            changes.computeIfAbsent(object.getClass(), _ -> new HashMap<>())
                    .put(Kinds.ref(object), object);
        }
        Map<Class<?>, KindSnapshot> next = new HashMap<>(byKind);
        for (Map.Entry<Class<?>, Map<ObjectRef, @Nullable Resource>> change : changes.entrySet()) {
            next.put(change.getKey(), of(change.getKey()).with(change.getValue()));
        }
        Map<ObjectRef, @Nullable Resource> changed = changes.get(EndpointSlice.class);
        return new Resources(next, changed == null ? slices : slices(changed));
    }

    private Map<ObjectRef, List<EndpointSlice>> slices(Map<ObjectRef, @Nullable Resource> changed) {
        KindSnapshot before = of(EndpointSlice.class);
        Map<ObjectRef, List<EndpointSlice>> made = new HashMap<>(slices);
        for (Map.Entry<ObjectRef, @Nullable Resource> change : changed.entrySet()) {
            EndpointSlice old = (EndpointSlice) before.find(change.getKey());
            EndpointSlice now = (EndpointSlice) change.getValue();
            if (KindSnapshot.isSame(old, now)) {
                continue;
            }
            if (old != null) {
                change(made, old, list -> list.remove(old));
            }
            if (now != null) {
                change(made, now, list -> list.add(now));
            }
        }
        return made;
    }

    private static void change(
            Map<ObjectRef, List<EndpointSlice>> slices,
            EndpointSlice slice,
            Consumer<List<EndpointSlice>> change) {
        String service = slice.metadata().labels().get(EndpointSlice.SERVICE);
        if (service == null) {
            return;
        }
        ObjectRef ref = ref(Service.class, slice.namespace(), service);
        List<EndpointSlice> all = new ArrayList<>(slices.getOrDefault(ref, List.of()));
        change.accept(all);
        all.sort(KindSnapshot.BY_AGE);
        if (all.isEmpty()) {
            slices.remove(ref);
        } else {
            slices.put(ref, List.copyOf(all));
        }
    }

    private static ObjectRef ref(Class<? extends Resource> type, String namespace, String name) {
        Kind kind = Kinds.of(type);
        return new ObjectRef(kind.group(), kind.name(), namespace, name);
    }

    private KindSnapshot of(Class<?> kind) {
        return byKind.getOrDefault(kind, NONE);
    }

    /// Whether both snapshots hold the very same objects of a kind. Equal ones that were read twice
    /// are not the same.
    @SuppressWarnings("ReferenceEquality") // see #after
    public boolean isSame(Class<? extends Resource> kind, Resources other) {
        return of(kind) == other.of(kind);
    }

    /// All of a kind, oldest first, then by namespace and name.
    @SuppressWarnings("unchecked") // byKind keeps objects under their own class
    public <T extends Resource> List<T> all(Class<T> kind) {
        return (List<T>) of(kind).sorted();
    }

    /// One object, null when there is none.
    public <T extends Resource> @Nullable T find(Class<T> kind, String namespace, String name) {
        Resource object = of(kind).find(ref(kind, namespace, name));
        return object == null ? null : kind.cast(object);
    }

    /// One object by its identity, null when there is none or its kind is not read.
    public @Nullable Resource find(ObjectRef ref) {
        Kind kind = Kinds.find(ref.group(), ref.kind());
        return kind == null ? null : of(kind.type()).find(ref);
    }

    /// The EndpointSlices of a Service, oldest first: the same list for as long as they are the
    /// same.
    public List<EndpointSlice> slices(String namespace, String service) {
        return slices.getOrDefault(ref(Service.class, namespace, service), List.of());
    }

    /// All objects, those of each kind together, in no order.
    public Collection<Collection<Resource>> byKind() {
        return byKind.values().stream().map(KindSnapshot::all).toList();
    }

    /// How many objects there are.
    public int size() {
        return byKind.values().stream().mapToInt(KindSnapshot::size).sum();
    }
}
