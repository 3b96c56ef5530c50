package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Secrets and ConfigMaps, each watched by its name for as long as something refers to it. Nothing
/// else of these kinds ever leaves the API server. Changed by one thread at a time.
final class ReferencedObjects implements AutoCloseable {

    private final ApiServer server;
    private final KindStore.Changes changes;
    private final RequestThrottle rate;
    private final NamespaceBudget budget;
    private final UnexpectedErrors errors;
    private final Map<ObjectRef, KindWatch> watches = new ConcurrentHashMap<>();

    ReferencedObjects(
            ApiServer server,
            KindStore.Changes changes,
            RequestThrottle rate,
            NamespaceBudget budget,
            UnexpectedErrors errors) {
        this.rate = rate;
        this.budget = budget;
        this.errors = errors;
        this.server = server;
        this.changes = changes;
    }

    /// Watches these, and nothing else any more.
    ///
    /// @param own the one of our own that nothing goes on without; null for none
    /// @return whether all of them were read once, or cannot be
    boolean follow(Set<ObjectRef> refs, @Nullable ObjectRef own) {
        watches.entrySet()
                .removeIf(watch -> {
                    boolean gone = !refs.contains(watch.getKey());
                    if (gone) {
                        watch.getValue().close();
                        watch.getValue().objects().clear();
                    }
                    return gone;
                });
        boolean all = true;
        for (ObjectRef ref : refs) {
            KindWatch watch = watches.computeIfAbsent(ref, this::start);
            // One that cannot be read for now is not to hold up the others.
            all &= ref.equals(own) ? watch.isCounted() : watch.isSettled();
        }
        return all;
    }

    private KindWatch start(ObjectRef ref) {
        Kind kind = Kinds.find(ref.group(), ref.kind());
        if (kind == null) {
            throw new IllegalArgumentException("unknown kind of " + ref);
        }
        WatchSelector one = WatchSelector.named(ref.namespace(), ref.name());
        KindWatch watch =
                new KindWatch(
                        server,
                        kind,
                        one,
                        changes,
                        _ -> KindPresence.DefinitionState.DEFINED,
                        rate,
                        budget,
                        errors);
        watch.start();
        return watch;
    }

    /// The watch of one, null when nothing refers to it.
    @Nullable KindWatch watch(ObjectRef ref) {
        return watches.get(ref);
    }

    @Nullable LiveObject find(ObjectRef ref) {
        KindWatch watch = watches.get(ref);
        return watch == null ? null : watch.objects().find(ref);
    }

    /// Those that cannot be read, and why.
    Map<String, String> unreadable() {
        Map<String, String> reasons = new TreeMap<>();
        watches.forEach((ref, watch) -> {
            String why = watch.unreadable() != null ? watch.unreadable() : watch.broken();
            if (why != null) {
                reasons.put(ref.toString(), why);
            }
        });
        return reasons;
    }

    @Override
    public void close() {
        watches.values().forEach(KindWatch::close);
        watches.clear();
    }
}
