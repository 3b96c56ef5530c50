package dev.sluice.source.kubernetes;

import dev.sluice.resource.Kind;
import dev.sluice.resource.ObjectRef;
import dev.sluice.source.kubernetes.api.ApiServer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The objects of one kind that something refers to. A watch of metadata reports that one has
/// changed, and it is then read by itself. Where metadata may not be watched, or an object not be
/// read, it is watched by its name. Nothing else of the kind ever leaves the API server.
///
/// [#follow] is called by one thread.
final class ReferencedKind implements AutoCloseable {

    private final Kind kind;
    private final WatchFactory factory;
    private final ValueReader reader;
    private final KindReader paths;
    private final KindStore store;
    private final VersionWatches versions;
    private final Map<ObjectRef, ReferencedValue> values = new ConcurrentHashMap<>();
    private final Map<ObjectRef, PartialWatch<KindStore>> named = new ConcurrentHashMap<>();

    /// @param server that values are read from
    ReferencedKind(Kind kind, ApiServer server, WatchFactory factory, ValueReader reader) {
        this.kind = kind;
        this.factory = factory;
        this.reader = reader;
        this.paths = new KindReader(server, kind, WatchSelector.ALL, factory.rate());
        this.store = factory.store(kind);
        this.versions = new VersionWatches(of -> factory.start(kind, of, new Versions(of)));
    }

    /// Keeps these up to date, and no others any more.
    ///
    /// @return whether it is known of all of them what there is, or that it cannot be known for now
    boolean follow(Set<ObjectRef> refs) {
        values.forEach((ref, value) -> {
            if (!refs.contains(ref)) {
                forget(ref, value);
            }
        });
        for (ObjectRef ref : List.copyOf(named.keySet())) {
            if (!refs.contains(ref)) {
                endByName(ref);
            }
        }
        Set<String> namespaces = new HashSet<>();
        refs.forEach(ref -> namespaces.add(ref.namespace()));
        versions.follow(namespaces);
        boolean settled = true;
        for (ObjectRef ref : refs) {
            settled &= follow(ref);
        }
        return settled;
    }

    private boolean follow(ObjectRef ref) {
        PartialWatch<?> watch = versions.of(ref.namespace());
        ReferencedValue value = values.get(ref);
        if (watch == null || value != null && value.isForbidden()) {
            return followByName(ref);
        }
        if (value == null) {
            value = new ReferencedValue(ref);
            values.put(ref, value);
        }
        if (watch.watch().isRead() && value.isUntried()) {
            read(value); // else the end of the list does
        }
        if (value.isRead() && named.containsKey(ref)) {
            endByName(ref);
        }
        return value.isSettled() || !watch.watch().isRead() && watch.watch().isSettled();
    }

    private boolean followByName(ObjectRef ref) {
        return named.computeIfAbsent(
                        ref,
                        _ ->
                                factory.start(
                                        kind,
                                        WatchSelector.named(ref.namespace(), ref.name()),
                                        factory.store(kind)))
                .watch()
                .isSettled();
    }

    private void read(ReferencedValue value) {
        ObjectRef ref = value.ref();
        reader.read(value, paths.path(ref.namespace(), ref.name()), store, this::changed);
    }

    private void changed() {
        factory.changes().changed();
    }

    private void forget(ObjectRef ref, ReferencedValue value) {
        values.remove(ref);
        value.end();
        store.remove(ref);
    }

    private void endByName(ObjectRef ref) {
        PartialWatch<KindStore> watch = named.remove(ref);
        if (watch != null) {
            watch.close();
            watch.watch().objects().clear();
        }
    }

    /// One of those that are followed, null when there is none.
    @Nullable LiveObject find(ObjectRef ref) {
        PartialWatch<KindStore> watch = named.get(ref);
        return watch == null ? store.find(ref) : watch.watch().objects().find(ref);
    }

    /// Reads one again: how much of it is kept has changed.
    void reread(ObjectRef ref) throws IOException {
        PartialWatch<KindStore> watch = named.get(ref);
        ReferencedValue value = values.get(ref);
        if (watch != null) {
            watch.watch().reread(ref, watch.watch().objects()::again);
        } else if (value != null) {
            read(value);
        }
    }

    /// Adds those that cannot be read, and why.
    void unreadable(Map<String, String> reasons) {
        named.forEach((ref, watch) -> add(reasons, ref, watch.problem()));
        values.forEach((ref, value) -> {
            if (!named.containsKey(ref)) {
                add(reasons, ref, value.broken());
            }
        });
    }

    private static void add(Map<String, String> reasons, ObjectRef ref, @Nullable String why) {
        if (why != null) {
            reasons.put(ref.toString(), why);
        }
    }

    @Override
    public void close() {
        versions.close();
        named.values().forEach(PartialWatch::close);
        named.clear();
        values.values().forEach(ReferencedValue::end);
    }

    /// What a watch of metadata reports. Nothing of it is kept.
    private final class Versions implements WatchStore {
        private final WatchSelector of;

        private Versions(WatchSelector of) {
            this.of = of;
        }

        @Override
        public Listing listing() {
            Map<ObjectRef, String> listed = new ConcurrentHashMap<>();
            return new Listing() {
                @Override
                public void add(JsonNode item) {
                    ObjectRef ref = KindStore.ref(kind, item);
                    if (values.containsKey(ref)) {
                        listed.put(ref, KindStore.version(item));
                    }
                }

                @Override
                public @Nullable ObjectRef stale() {
                    return null;
                }

                @Override
                public void end() {
                    values.forEach((ref, value) -> {
                        if (of.namespace() == null || of.namespace().equals(ref.namespace())) {
                            heard(value, listed.getOrDefault(ref, ""));
                        }
                    });
                }
            };
        }

        private void heard(JsonNode object, String version) {
            ReferencedValue value = values.get(KindStore.ref(kind, object));
            if (value != null) {
                heard(value, version);
            }
        }

        private void heard(ReferencedValue value, String version) {
            if (value.isNews(version)) {
                read(value);
            }
        }

        @Override
        public void put(JsonNode object) {
            heard(object, KindStore.version(object));
        }

        @Override
        public void remove(JsonNode object) {
            heard(object, "");
        }

        @Override
        public void clear() {
            changed(); // it may have to be watched otherwise
        }
    }
}
