package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.ConfigMap;
import dev.sluice.resource.CustomResourceDefinition;
import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Pod;
import dev.sluice.resource.References;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.resource.Secret;
import dev.sluice.source.ResourceSource;
import dev.sluice.source.kubernetes.api.ApiConnections;
import dev.sluice.source.kubernetes.api.ApiServer;
import dev.sluice.source.kubernetes.api.RequestThrottle;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Resources of a cluster. A change is reported at once, those that follow it are put together,
/// since they come in bursts; while the API server is away the last snapshot stays. A snapshot is
/// complete: what its objects refer to has been read.
public final class KubernetesSource implements ResourceSource, KindStore.Changes {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
    private static final long RETRY_SECONDS = 1;
    private static final String NAME_LABEL = "app.kubernetes.io/name";

    private final Duration longest;
    private final UnexpectedErrors errors;
    private final ApiServer server;
    private final Map<String, KindWatch<KindStore>> watches = new LinkedHashMap<>();
    private final Definitions definitions;
    private final String controller;
    private final ReferencedObjects referenced;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1,
                    Thread.ofPlatform().name("sluice-kubernetes").daemon().factory(),
                    new ThreadPoolExecutor.DiscardPolicy()); // of changes after the end
    private final Debounce debounce = new Debounce();
    private final AtomicBoolean due = new AtomicBoolean();
    private final Set<ObjectRef> touched = new HashSet<>();
    private final WorkQueue resized;
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile Consumer<ObjectRef> written = _ -> {};
    private volatile @Nullable Consumer<Resources> listener;
    private volatile Instant lastTurn = Instant.now();
    private Resources snapshot = Resources.EMPTY;

    /// @param client knows the API server
    /// @param controller whose GatewayClasses are ours
    /// @param namespace of our own pods, null when we are none
    /// @param longest wait for the first snapshot at the start; it may come later, too
    /// @param namespaceBytes most that is kept of the objects of a namespace
    /// @param errors receives unexpected errors
    public KubernetesSource(
            KubernetesClient client,
            String controller,
            @Nullable String namespace,
            Duration longest,
            long namespaceBytes,
            UnexpectedErrors errors) {
        this.longest = longest;
        this.errors = errors;
        this.server = new ApiServer(client);
        this.controller = controller;
        this.resized = new WorkQueue("reread", this::reread, () -> {}, errors);
        RequestThrottle rate = new RequestThrottle();
        this.definitions = new Definitions(server, rate, watches, this::changed, errors);
        NamespaceBudget budget = new NamespaceBudget(namespaceBytes);
        this.referenced =
                new ReferencedObjects(
                        server,
                        new WatchFactory(new ApiConnections(client), this, rate, budget, errors),
                        namespace == null ? null : PortRecord.ref(namespace));
        for (Kind kind : Kinds.all()) {
            WatchSelector watchSelector = selection(kind, namespace);
            if (watchSelector != null) {
                watches.put(
                        kind.name(),
                        new KindWatch<>(
                                server,
                                kind,
                                watchSelector,
                                new KindStore(kind, this, budget, errors),
                                this,
                                definitions::presence,
                                rate,
                                errors));
            }
        }
    }

    /// What is read of a kind; null for one that is not read as a whole.
    private static @Nullable WatchSelector selection(Kind kind, @Nullable String namespace) {
        if (kind.type() == Secret.class || kind.type() == ConfigMap.class) {
            return null;
        }
        if (kind.type() == Pod.class) {
            return namespace == null
                    ? null
                    : WatchSelector.labelled(namespace, NAME_LABEL, "sluice");
        }
        return kind.type() == CustomResourceDefinition.class
                ? WatchSelector.METADATA
                : WatchSelector.ALL;
    }

    ApiServer server() {
        return server;
    }

    /// The watch of a kind that is read as a whole.
    KindWatch<KindStore> watch(String group, String kind) {
        KindWatch<KindStore> watch = watches.get(kind);
        if (watch == null || !watch.kind().group().equals(group)) {
            throw new IllegalArgumentException("not watched: " + group + "/" + kind);
        }
        return watch;
    }

    /// An object as the API server has it.
    @Nullable LiveObject find(ObjectRef ref) {
        KindWatch<KindStore> watch = watches.get(ref.kind());
        return watch == null ? referenced.find(ref) : watch.objects().find(ref);
    }

    /// Told of each object that somebody, perhaps we, wrote, or only its status.
    void onWrite(Consumer<ObjectRef> action) {
        written = action;
    }

    /// What cannot be read at all, and why: kinds by their names, Secrets and ConfigMaps one by
    /// one.
    public Map<String, String> unreadable() {
        Map<String, String> reasons = new TreeMap<>(referenced.unreadable());
        for (KindWatch<KindStore> watch : watches.values()) {
            String why = watch.unreadable();
            if (why != null) {
                reasons.put(watch.kind().name(), why);
            }
        }
        return reasons;
    }

    /// The kinds that the first snapshot waits for, and why.
    public Map<String, String> awaited() {
        Map<String, String> reasons = new TreeMap<>();
        for (KindWatch<KindStore> watch : watches.values()) {
            if (!watch.isCounted()) {
                String why = watch.unreadable() != null ? watch.unreadable() : watch.broken();
                reasons.put(watch.kind().name(), why == null ? "being read" : why);
            }
        }
        return reasons;
    }

    /// The kinds whose changes are not heard of now, and why.
    public Map<String, String> broken() {
        Map<String, String> reasons = new TreeMap<>();
        for (KindWatch<KindStore> watch : watches.values()) {
            String why = watch.broken();
            if (why != null) {
                reasons.put(watch.kind().name(), why);
            }
        }
        return reasons;
    }

    @Override
    public void start(Consumer<Resources> to) {
        listener = to;
        watches.values().forEach(KindWatch::start);
        thread.scheduleWithFixedDelay(() -> lastTurn = Instant.now(), 0, 1, TimeUnit.SECONDS);
        try {
            if (!first.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("started without a configuration, which waits for {}", awaited());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void refresh() {
        changed();
    }

    @Override
    public Instant lastTurn() {
        return lastTurn;
    }

    @Override
    public void touched(Collection<ObjectRef> refs) {
        synchronized (touched) {
            touched.addAll(refs);
        }
        definitions.touched(refs);
        refs.forEach(written);
    }

    @Override
    public void changed() {
        if (due.compareAndSet(false, true)) {
            thread.schedule(this::publish, debounce.left(System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void statusChanged(ObjectRef ref) {
        written.accept(ref);
    }

    @Override
    public void resized(Collection<ObjectRef> refs) {
        resized.add(refs);
    }

    private void reread(ObjectRef ref) {
        KindWatch<KindStore> watch = watches.get(ref.kind());
        try {
            if (watch == null) {
                referenced.reread(ref);
            } else {
                watch.reread(ref, watch.objects()::again);
            }
        } catch (IOException e) {
            LOG.warn("{} is not read again: {}", ref, e.getMessage());
        }
    }

    private void publish() {
        due.set(false);
        long start = System.nanoTime();
        try {
            publishNow();
        } catch (Throwable e) {
            errors.report("source.kubernetes", "the last snapshot, which stays", e);
            thread.schedule(this::changed, RETRY_SECONDS, TimeUnit.SECONDS);
        } finally {
            debounce.onPublished(start, System.nanoTime());
        }
    }

    private void publishNow() {
        Consumer<Resources> to = listener;
        if (to == null || !watches.values().stream().allMatch(KindWatch::isCounted)) {
            return;
        }
        if (!definitions.isSettled()) {
            return; // comes again when they are read
        }
        take();
        if (!referenced.follow(References.of(snapshot, controller, this::unreadable))) {
            return; // comes again when they are read
        }
        take();
        to.accept(snapshot);
        first.countDown();
    }

    private void unreadable(ObjectRef object, Throwable error) {
        errors.report("source.references", object.toString(), error);
    }

    /// Takes over what has changed.
    private void take() {
        List<ObjectRef> refs;
        synchronized (touched) {
            refs = List.copyOf(touched);
            touched.clear(); // before they are read, so that a change meanwhile is not lost
        }
        try {
            take(refs);
        } catch (Throwable e) {
            synchronized (touched) {
                touched.addAll(refs);
            }
            throw e;
        }
    }

    private void take(List<ObjectRef> refs) {
        List<Resource> there = new ArrayList<>();
        List<ObjectRef> gone = new ArrayList<>();
        for (ObjectRef ref : refs) {
            LiveObject liveObject = find(ref);
            if (liveObject == null) {
                gone.add(ref);
            } else {
                there.add(liveObject.resource());
            }
        }
        if (!refs.isEmpty()) {
            snapshot = snapshot.with(there, gone);
        }
    }

    @Override
    public void close() {
        watches.values().forEach(KindWatch::close);
        thread.shutdown();
        referenced.close();
    }
}
