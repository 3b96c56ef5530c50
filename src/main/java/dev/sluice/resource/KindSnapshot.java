package dev.sluice.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The objects of one kind in a snapshot. Immutable.
final class KindSnapshot {

    private static final Comparator<Resource> BY_AGE =
            Comparator.comparing((Resource r) -> r.metadata().creationTimestamp())
                    .thenComparing(Resource::namespace)
                    .thenComparing(Resource::name);

    private final Map<String, Resource> byName;

    /// Made when first asked for: translation asks for some kinds often, for others never.
    private volatile @Nullable List<Resource> sorted;

    /// @param byName by `namespace/name`
    KindSnapshot(Map<String, Resource> byName) {
        this.byName = byName;
    }

    /// What these objects make after the ones here: this very snapshot when they are the same.
    KindSnapshot after(Map<String, Resource> next) {
        if (isSame(next)) {
            return this;
        }
        KindSnapshot made = new KindSnapshot(next);
        List<Resource> before = sorted;
        if (before != null) {
            made.sorted = resorted(before, next);
        }
        return made;
    }

    @SuppressWarnings("ReferenceEquality") // what is the same need not be looked at again
    private boolean isSame(Map<String, Resource> next) {
        return next.size() == byName.size()
                && next.entrySet().stream()
                        .allMatch(entry -> byName.get(entry.getKey()) == entry.getValue());
    }

    /// Those that stayed keep their order, so that sorting costs one pass.
    private List<Resource> resorted(List<Resource> before, Map<String, Resource> next) {
        Set<Resource> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Resource> all = new ArrayList<>(next.size());
        byName.forEach((name, object) -> {
            if (differs(next.get(name), object)) {
                gone.add(object);
            }
        });
        for (Resource object : before) {
            if (!gone.contains(object)) {
                all.add(object);
            }
        }
        next.forEach((name, object) -> {
            if (differs(byName.get(name), object)) {
                all.add(object);
            }
        });
        all.sort(BY_AGE);
        return List.copyOf(all);
    }

    @SuppressWarnings("ReferenceEquality") // see isSame
    private static boolean differs(@Nullable Resource one, Resource other) {
        return one != other;
    }

    @Nullable Resource find(String name) {
        return byName.get(name);
    }

    Iterable<Resource> all() {
        return byName.values();
    }

    int size() {
        return byName.size();
    }

    /// Oldest first, then by namespace and name.
    List<Resource> sorted() {
        List<Resource> known = sorted;
        if (known == null) {
            known = byName.values().stream().sorted(BY_AGE).toList();
            sorted = known;
        }
        return known;
    }
}
