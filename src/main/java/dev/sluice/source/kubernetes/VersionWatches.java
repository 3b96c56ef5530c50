package dev.sluice.source.kubernetes;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Watches of the metadata of one kind, as few as we may: one of the whole cluster, else one of
/// each namespace. Used by one thread.
final class VersionWatches implements AutoCloseable {

    private static final String CLUSTER = "";

    private final Function<WatchSelector, PartialWatch<?>> start;
    private final Map<String, PartialWatch<?>> watches = new HashMap<>();

    /// @param start starts a watch of metadata
    VersionWatches(Function<WatchSelector, PartialWatch<?>> start) {
        this.start = start;
    }

    /// Watches these namespaces, and no others any more.
    void follow(Set<String> namespaces) {
        boolean whole = !namespaces.isEmpty() && isPermitted(start(CLUSTER));
        watches.entrySet()
                .removeIf(each -> {
                    boolean needed =
                            each.getKey().equals(CLUSTER)
                                    ? !namespaces.isEmpty()
                                    : !whole && namespaces.contains(each.getKey());
                    if (!needed) {
                        each.getValue().close();
                    }
                    return !needed;
                });
        if (!whole) {
            namespaces.forEach(this::start);
        }
    }

    private PartialWatch<?> start(String namespace) {
        return watches.computeIfAbsent(
                namespace,
                _ ->
                        start.apply(
                                WatchSelector.versions(
                                        namespace.equals(CLUSTER) ? null : namespace)));
    }

    private static boolean isPermitted(@Nullable PartialWatch<?> watch) {
        return watch != null && watch.watch().unreadable() == null;
    }

    /// The watch that reports the versions of a namespace; null when we may not watch it.
    @Nullable PartialWatch<?> of(String namespace) {
        PartialWatch<?> whole = watches.get(CLUSTER);
        PartialWatch<?> one = isPermitted(whole) ? whole : watches.get(namespace);
        return isPermitted(one) ? one : null;
    }

    @Override
    public void close() {
        watches.values().forEach(PartialWatch::close);
        watches.clear();
    }
}
