package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.CustomResourceDefinition;
import dev.sluice.resource.Gateway;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.source.InstalledDefaults;
import dev.sluice.source.kubernetes.api.ApiServer;
import dev.sluice.source.kubernetes.api.Backoff;
import dev.sluice.source.kubernetes.api.RequestThrottle;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The CustomResourceDefinitions of a cluster: which kinds are defined, and, where a release of
/// Gateway API is installed that we do not know, the defaults of its fields, which the API server
/// writes into objects whose owners have never heard of them.
final class Definitions {

    private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);
    private static final Kind KIND = Kinds.of(CustomResourceDefinition.class);
    private static final int MOST_TRIES = 5;

    private final KindReader reader;
    private final Map<String, KindWatch<KindStore>> watches;
    private final WorkQueue unread;

    /// @param watches by the names of their kinds; that of definitions is among them
    /// @param settled run when there is nothing left to read
    /// @param errors receives unexpected errors
    Definitions(
            ApiServer server,
            RequestThrottle rate,
            Map<String, KindWatch<KindStore>> watches,
            Runnable settled,
            UnexpectedErrors errors) {
        this.reader = new KindReader(server, KIND, WatchSelector.ALL, rate);
        this.watches = watches;
        this.unread = new WorkQueue("definitions", this::read, settled, errors);
    }

    /// Whether a kind is defined.
    KindPresence.DefinitionState presence(Kind kind) {
        KindWatch<KindStore> definitions = watches.get(KIND.name());
        if (definitions == null || !definitions.isRead()) {
            return KindPresence.DefinitionState.UNKNOWN;
        }
        String name = kind.plural() + "." + kind.group();
        return find(new ObjectRef(KIND.group(), KIND.name(), "", name)) == null
                ? KindPresence.DefinitionState.ABSENT
                : KindPresence.DefinitionState.DEFINED;
    }

    private @Nullable CustomResourceDefinition find(ObjectRef ref) {
        KindWatch<KindStore> definitions = watches.get(KIND.name());
        LiveObject found = definitions == null ? null : definitions.objects().find(ref);
        return found == null ? null : (CustomResourceDefinition) found.resource();
    }

    /// Whether the defaults of all that is installed are known, or cannot be.
    boolean isSettled() {
        return unread.isIdle();
    }

    /// Definitions, among other objects, are there, have changed or are gone.
    void touched(Collection<ObjectRef> refs) {
        for (ObjectRef ref : refs) {
            KindWatch<KindStore> watch = ref.kind().equals(KIND.name()) ? defined(ref) : null;
            CustomResourceDefinition definition = watch == null ? null : find(ref);
            if (watch != null
                    && definition != null
                    && InstalledDefaults.mayHave(definition.bundleVersion())) {
                unread.add(List.of(ref)); // one after the other: they are large
            }
        }
    }

    private @Nullable KindWatch<KindStore> defined(ObjectRef ref) {
        for (KindWatch<KindStore> watch : watches.values()) {
            Kind kind = watch.kind();
            if (kind.group().equals(Gateway.GROUP)
                    && ref.name().equals(kind.plural() + "." + kind.group())) {
                return watch;
            }
        }
        return null;
    }

    private void read(ObjectRef ref) throws InterruptedException {
        KindWatch<KindStore> watch = Objects.requireNonNull(defined(ref));
        Backoff backoff = new Backoff();
        for (int tries = 1; ; tries++) {
            try {
                reader.reread(
                        ref,
                        definition ->
                                watch.objects()
                                        .take(InstalledDefaults.of(watch.kind(), definition)));
                return;
            } catch (IOException e) {
                if (tries == MOST_TRIES) {
                    LOG.warn("{}: {}; what its new fields are at is unknown", ref, e.getMessage());
                    return;
                }
                Thread.sleep(backoff.next());
            }
        }
    }
}
