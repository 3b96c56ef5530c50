package dev.sluice.resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The objects of one kind in a snapshot. Immutable.
final class KindSnapshot {

    /// Oldest first; no two objects of a kind are alike.
    static final Comparator<Resource> BY_AGE =
            Comparator.comparing((Resource r) -> r.metadata().creationTimestamp())
                    .thenComparing(Resource::namespace)
                    .thenComparing(Resource::name);

    private final Map<ObjectRef, Resource> byRef;

    /// Made when first asked for: translation asks for some kinds often, for others never.
    private volatile @Nullable List<Resource> sorted;

    KindSnapshot(Map<ObjectRef, Resource> byRef) {
        this.byRef = byRef;
    }

    /// What comes of these changes: this very snapshot when there are none.
    ///
    /// @param changes null for what is gone
    KindSnapshot with(Map<ObjectRef, @Nullable Resource> changes) {
        Map<ObjectRef, Resource> next = new HashMap<>(byRef);
        List<Resource> known = sorted;
        List<Resource> order = known == null ? List.of() : new ArrayList<>(known);
        boolean any = false;
        for (Map.Entry<ObjectRef, @Nullable Resource> change : changes.entrySet()) {
            Resource now = change.getValue();
            Resource before =
                    now == null ? next.remove(change.getKey()) : next.put(change.getKey(), now);
            if (isSame(before, now)) {
                continue;
            }
            any = true;
            if (known != null) {
                reorder(order, before, now);
            }
        }
        if (!any) {
            return this;
        }
        KindSnapshot made = new KindSnapshot(next);
        if (known != null) {
            made.sorted = List.copyOf(order);
        }
        return made;
    }

    @SuppressWarnings("ReferenceEquality") // what is the same need not be looked at again
    static boolean isSame(@Nullable Resource one, @Nullable Resource other) {
        return one == other;
    }

    private static void reorder(
            List<Resource> order, @Nullable Resource before, @Nullable Resource now) {
        if (before != null) {
            order.remove(Collections.binarySearch(order, before, BY_AGE));
        }
        if (now != null) {
            order.add(-1 - Collections.binarySearch(order, now, BY_AGE), now);
        }
    }

    @Nullable Resource find(ObjectRef ref) {
        return byRef.get(ref);
    }

    Set<ObjectRef> refs() {
        return byRef.keySet();
    }

    Collection<Resource> all() {
        return Collections.unmodifiableCollection(byRef.values());
    }

    int size() {
        return byRef.size();
    }

    /// Oldest first, then by namespace and name.
    List<Resource> sorted() {
        List<Resource> known = sorted;
        if (known == null) {
            known = byRef.values().stream().sorted(BY_AGE).toList();
            sorted = known;
        }
        return known;
    }
}
