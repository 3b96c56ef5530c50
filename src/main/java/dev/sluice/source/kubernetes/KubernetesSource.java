package dev.sluice.source.kubernetes;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Kinds;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Pod;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Resources;
import dev.sluice.source.ResourceSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Resources of a cluster. Changes are put together for a moment, since they come in bursts; while
/// the API server is away the last snapshot stays.
public final class KubernetesSource implements ResourceSource, KindWatch.Changes {

    private static final long GATHER_MILLIS = 4;

    private final ApiServer server;
    private final Map<String, KindWatch> watches = new LinkedHashMap<>();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("sluice-kubernetes").daemon().factory());
    private final AtomicBoolean due = new AtomicBoolean();
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile Runnable statusListener = () -> {};
    private volatile @Nullable Consumer<Resources> listener;

    /// @param client knows the API server
    /// @param namespace of our own pods, null when we are none
    public KubernetesSource(KubernetesClient client, @Nullable String namespace) {
        this.server = new ApiServer(client);
        for (Kind kind : Kinds.all()) {
            if (kind.type() == Pod.class) {
                if (namespace != null) {
                    String selector = "app.kubernetes.io/name%3Dsluice";
                    add(new KindWatch(server, kind, namespace, selector, this));
                }
            } else {
                add(new KindWatch(server, kind, null, "", this));
            }
        }
    }

    private void add(KindWatch watch) {
        watches.put(watch.kind().group() + "/" + watch.kind().name(), watch);
    }

    ApiServer server() {
        return server;
    }

    /// The watch of a kind.
    KindWatch watch(String group, String kind) {
        KindWatch watch = watches.get(group + "/" + kind);
        if (watch == null) {
            throw new IllegalArgumentException("unknown kind " + group + "/" + kind);
        }
        return watch;
    }

    /// An object as the API server has it.
    @Nullable Live find(ObjectRef ref) {
        return watch(ref.group(), ref.kind()).find(ref.namespace(), ref.name());
    }

    /// Told when somebody, perhaps we, wrote a status.
    void onStatus(Runnable action) {
        statusListener = action;
    }

    /// The kinds of which none can be read, because they are not installed.
    public List<String> absentKinds() {
        return watches.values().stream()
                .filter(KindWatch::isAbsent)
                .map(watch -> watch.kind().name())
                .toList();
    }

    @Override
    public void start(Consumer<Resources> to) {
        listener = to;
        watches.forEach((name, watch) -> Thread.ofVirtual().name("watch " + name).start(watch));
        try {
            first.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void changed() {
        if (due.compareAndSet(false, true)) {
            thread.schedule(this::publish, GATHER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void statusChanged() {
        statusListener.run();
    }

    private void publish() {
        due.set(false);
        Consumer<Resources> to = listener;
        if (to == null || !watches.values().stream().allMatch(KindWatch::isSynced)) {
            return;
        }
        List<Resource> all = new ArrayList<>();
        watches.values().forEach(watch -> watch.objects().forEach(o -> all.add(o.resource())));
        to.accept(new Resources(all));
        first.countDown();
    }

    @Override
    public void close() {
        watches.values().forEach(KindWatch::close);
        thread.shutdownNow();
    }
}
