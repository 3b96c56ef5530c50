package dev.sluice.resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A snapshot of everything that users wrote, with the indexes that translation needs. Immutable.
public final class Resources {

    public static final Resources EMPTY = new Resources(List.of());

    private static final Comparator<Resource> BY_AGE =
            Comparator.comparing((Resource r) -> r.metadata().creationTimestamp())
                    .thenComparing(Resource::namespace)
                    .thenComparing(Resource::name);

    private final Map<Class<?>, Map<String, Resource>> byKind = new HashMap<>();
    private final Map<String, List<EndpointSlice>> slices = new HashMap<>();

    /// Made when first asked for: translation asks for some kinds often, for others never.
    private final Map<Class<?>, List<Resource>> sorted = new ConcurrentHashMap<>();

    public Resources(Collection<? extends Resource> objects) {
        for (Resource object : objects) {
            byKind.computeIfAbsent(object.getClass(), _ -> new HashMap<>())
                    .put(key(object.namespace(), object.name()), object);
            if (object instanceof EndpointSlice slice) {
                String service = slice.metadata().labels().get(EndpointSlice.SERVICE);
                if (service != null) {
                    slices.computeIfAbsent(key(slice.namespace(), service), _ -> new ArrayList<>())
                            .add(slice);
                }
            }
        }
        slices.values().forEach(list -> list.sort(BY_AGE));
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    /// All of a kind, oldest first, then by namespace and name.
    @SuppressWarnings("unchecked") // byKind keeps objects under their own class
    public <T extends Resource> List<T> all(Class<T> kind) {
        return (List<T>) sorted.computeIfAbsent(kind, this::sorted);
    }

    private List<Resource> sorted(Class<?> kind) {
        return byKind.getOrDefault(kind, Map.of()).values().stream().sorted(BY_AGE).toList();
    }

    /// One object, null when there is none.
    public <T extends Resource> @Nullable T find(Class<T> kind, String namespace, String name) {
        Resource object = byKind.getOrDefault(kind, Map.of()).get(key(namespace, name));
        return object == null ? null : kind.cast(object);
    }

    /// One object by its identity, null when there is none or its kind is not read.
    public @Nullable Resource find(ObjectRef ref) {
        Kind kind = Kinds.find(ref.group(), ref.kind());
        return kind == null ? null : find(kind.type(), ref.namespace(), ref.name());
    }

    /// The EndpointSlices of a Service.
    public List<EndpointSlice> slices(String namespace, String service) {
        return List.copyOf(slices.getOrDefault(key(namespace, service), List.of()));
    }

    /// A snapshot with these objects, in the place of those that have the same identity.
    public Resources with(Collection<? extends Resource> objects) {
        List<Resource> all = new ArrayList<>();
        byKind.values().forEach(kind -> all.addAll(kind.values()));
        all.addAll(objects);
        return new Resources(all);
    }

    /// How many objects there are.
    public int size() {
        return byKind.values().stream().mapToInt(Map::size).sum();
    }
}
