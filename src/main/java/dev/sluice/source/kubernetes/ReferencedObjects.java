package dev.sluice.source.kubernetes;

import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Secret;
import dev.sluice.source.kubernetes.api.ApiServer;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Secrets and ConfigMaps: only those that something refers to are ever read. One of our own, which
/// nothing goes on without, is watched by its name.
final class ReferencedObjects implements AutoCloseable {

    private final WatchFactory factory;
    private final Map<String, ReferencedKind> kinds;
    private final @Nullable ObjectRef own;
    private volatile @Nullable PartialWatch<KindStore> ownWatch;

    /// @param server that values are read from
    /// @param own the one of our own; null for none
    ReferencedObjects(ApiServer server, WatchFactory factory, @Nullable ObjectRef own) {
        this.factory = factory;
        this.own = own;
        ValueReader reader = new ValueReader(server, factory.errors());
        this.kinds =
                Stream.of(Secret.class, ConfigMap.class)
                        .map(Kinds::of)
                        .collect(
                                Collectors.toMap(
                                        Kind::name,
                                        kind -> new ReferencedKind(kind, server, factory, reader)));
    }

    /// Keeps these and our own up to date, and no others any more.
    ///
    /// @return whether it is known of all of them what there is, or that it cannot be known for now
    boolean follow(Set<ObjectRef> refs) {
        boolean all = isOwnRead();
        for (Map.Entry<String, ReferencedKind> kind : kinds.entrySet()) {
            all &=
                    kind.getValue()
                            .follow(
                                    refs.stream()
                                            .filter(ref -> ref.kind().equals(kind.getKey()))
                                            .filter(ref -> !ref.equals(own))
                                            .collect(Collectors.toSet()));
        }
        return all;
    }

    private boolean isOwnRead() {
        if (own == null) {
            return true;
        }
        PartialWatch<KindStore> watch = ownWatch;
        if (watch == null) {
            Kind kind = Kinds.of(ConfigMap.class);
            WatchSelector named = WatchSelector.named(own.namespace(), own.name());
            watch = factory.start(kind, named, factory.store(kind));
            ownWatch = watch;
        }
        return watch.watch().isCounted();
    }

    @Nullable LiveObject find(ObjectRef ref) {
        if (ref.equals(own)) {
            PartialWatch<KindStore> watch = ownWatch;
            return watch == null ? null : watch.watch().objects().find(ref);
        }
        ReferencedKind kind = kinds.get(ref.kind());
        return kind == null ? null : kind.find(ref);
    }

    /// Reads one again: how much of it is kept has changed.
    void reread(ObjectRef ref) throws IOException {
        ReferencedKind kind = kinds.get(ref.kind());
        if (kind != null && !ref.equals(own)) {
            kind.reread(ref);
        }
    }

    /// Those that cannot be read, and why.
    Map<String, String> unreadable() {
        Map<String, String> reasons = new TreeMap<>();
        kinds.values().forEach(kind -> kind.unreadable(reasons));
        PartialWatch<KindStore> watch = ownWatch;
        String why = watch == null ? null : watch.problem();
        if (own != null && why != null) {
            reasons.put(own.toString(), why);
        }
        return reasons;
    }

    @Override
    public void close() {
        kinds.values().forEach(ReferencedKind::close);
        PartialWatch<KindStore> watch = ownWatch;
        if (watch != null) {
            watch.close();
        }
        factory.connections().close();
    }
}
