package dev.sluice.resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A snapshot of everything that users wrote, with the indexes that translation needs. Immutable.
public final class Resources {

    private static final KindSnapshot NONE = new KindSnapshot(Map.of());

    public static final Resources EMPTY = new Resources(List.of());

    private final Map<Class<?>, KindSnapshot> byKind;
    private final Map<String, List<EndpointSlice>> slices;

    public Resources(Collection<? extends Resource> objects) {
        this.byKind = byKind(objects, Map.of());
        this.slices = slices(all(EndpointSlice.class));
    }

    private Resources(Resources before, Collection<? extends Resource> objects) {
        this.byKind = byKind(objects, before.byKind);
        this.slices =
                isSame(EndpointSlice.class, before)
                        ? before.slices
                        : slices(all(EndpointSlice.class));
    }

    /// A snapshot of these objects: equal to a new one, but what did not change since the one before
    /// is shared with it.
    public static Resources after(Resources before, Collection<? extends Resource> objects) {
        return new Resources(before, objects);
    }

    private static Map<Class<?>, KindSnapshot> byKind(
            Collection<? extends Resource> objects, Map<Class<?>, KindSnapshot> before) {
        Map<Class<?>, Map<String, Resource>> read = new HashMap<>();
        for (Resource object : objects) {
            read.computeIfAbsent(object.getClass(), _ -> new HashMap<>())
                    .put(key(object.namespace(), object.name()), object);
        }
        Map<Class<?>, KindSnapshot> byKind = new HashMap<>();
        read.forEach((kind, byName) -> {
            KindSnapshot known = before.get(kind);
            byKind.put(kind, known == null ? new KindSnapshot(byName) : known.after(byName));
        });
        return byKind;
    }

    private static Map<String, List<EndpointSlice>> slices(List<EndpointSlice> all) {
        Map<String, List<EndpointSlice>> slices = new HashMap<>();
        for (EndpointSlice slice : all) {
            String service = slice.metadata().labels().get(EndpointSlice.SERVICE);
            if (service != null) {
                slices.computeIfAbsent(key(slice.namespace(), service), _ -> new ArrayList<>())
                        .add(slice);
            }
        }
        return slices;
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
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
        Resource object = of(kind).find(key(namespace, name));
        return object == null ? null : kind.cast(object);
    }

    /// One object by its identity, null when there is none or its kind is not read.
    public @Nullable Resource find(ObjectRef ref) {
        Kind kind = Kinds.find(ref.group(), ref.kind());
        return kind == null ? null : find(kind.type(), ref.namespace(), ref.name());
    }

    /// The EndpointSlices of a Service, oldest first.
    public List<EndpointSlice> slices(String namespace, String service) {
        return List.copyOf(slices.getOrDefault(key(namespace, service), List.of()));
    }

    /// A snapshot with these objects, in the place of those that have the same identity.
    public Resources with(Collection<? extends Resource> objects) {
        List<Resource> all = new ArrayList<>();
        byKind.values().forEach(kind -> kind.all().forEach(all::add));
        all.addAll(objects);
        return after(this, all);
    }

    /// How many objects there are.
    public int size() {
        return byKind.values().stream().mapToInt(KindSnapshot::size).sum();
    }
}
