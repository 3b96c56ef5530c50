package dev.sluice.source.kubernetes;

import dev.sluice.resource.Infrastructure;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import dev.sluice.resource.Statuses;
import dev.sluice.source.StatusSink;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes statuses that differ from what the API server has, in passes: a pass writes each object
/// once, with the newest answer, so that many changes of one object cost few writes.
public final class StatusWriter implements StatusSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final int PARALLEL = 16;
    private static final int TRIES = 4;

    /// Least time between two passes.
    private static final long PASS_MILLIS = 50;

    private final KubernetesSource source;
    private final String controller;
    private final BooleanSupplier leading;
    private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore permits = new Semaphore(PARALLEL);
    private final Semaphore bell = new Semaphore(0);
    private final AtomicLong writes = new AtomicLong();
    private final InfrastructureWriter services;
    private volatile @Nullable Wanted wanted;
    private volatile boolean closed;

    private record Wanted(Statuses statuses, List<Infrastructure> infrastructure) {}

    /// @param leading whether this replica may write now
    public StatusWriter(KubernetesSource source, String controller, BooleanSupplier leading) {
        this.source = source;
        this.controller = controller;
        this.leading = leading;
        this.services = new InfrastructureWriter(source);
        Thread.ofVirtual().name("sluice-statuses").start(this::run);
        source.onStatus(this::ring);
    }

    /// How many statuses were written so far.
    public long writes() {
        return writes.get();
    }

    @Override
    public void write(Statuses statuses, List<Infrastructure> infrastructure) {
        wanted = new Wanted(statuses, infrastructure);
        ring();
    }

    /// Looks again: this replica may have become the leader.
    public void ring() {
        bell.release();
    }

    private void run() {
        while (!closed) {
            try {
                bell.acquire();
                bell.drainPermits();
                Wanted now = wanted;
                if (now != null && leading.getAsBoolean()) {
                    pass(now);
                    Thread.sleep(PASS_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("a pass over the statuses failed", e);
            }
        }
    }

    private void pass(Wanted now) throws InterruptedException {
        List<Future<?>> pending = new ArrayList<>();
        for (Infrastructure one : now.infrastructure()) {
            pending.add(submit(() -> services.write(one)));
        }
        for (Map.Entry<ObjectRef, Status> entry : now.statuses().byObject().entrySet()) {
            Live live = source.find(entry.getKey());
            if (live != null && differs(live, entry.getValue())) {
                pending.add(submit(() -> write(entry.getKey(), live, entry.getValue())));
            }
        }
        for (Future<?> one : pending) {
            try {
                one.get();
            } catch (ExecutionException e) {
                LOG.warn("status: {}", e.getCause() == null ? e : e.getCause().getMessage());
                retryLater();
            }
        }
    }

    private interface Write {
        void run() throws IOException;
    }

    private Future<?> submit(Write write) throws InterruptedException {
        permits.acquire();
        Callable<Void> task =
                () -> {
                    try {
                        write.run();
                    } finally {
                        permits.release();
                    }
                    return null;
                };
        return writers.submit(task);
    }

    private void retryLater() {
        writers.execute(() -> {
            try {
                Thread.sleep(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ring();
        });
    }

    private boolean differs(Live live, Status status) {
        JsonNode now = status(live);
        return !merge(now, status).equals(now);
    }

    private static JsonNode status(Live live) {
        return live.status() == null ? JsonNodeFactory.instance.missingNode() : live.status();
    }

    private ObjectNode merge(JsonNode live, Status status) {
        return new StatusMerge(controller, Instant.now()).merge(live, status);
    }

    /// Writes against the version that was read; when somebody was faster, against the newest.
    private void write(ObjectRef ref, Live live, Status status) throws IOException {
        KindWatch watch = source.watch(ref.group(), ref.kind());
        String path = watch.path(ref.namespace(), ref.name());
        String version = live.version();
        JsonNode current = status(live);
        for (int i = 0; i < TRIES; i++) {
            ObjectNode merged = merge(current, status);
            if (merged.equals(current)) {
                return;
            }
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("metadata").put("resourceVersion", version);
            patch.set("status", withRemovals(current, merged));
            ApiServer.Answer answer =
                    source.server()
                            .send("PATCH", path + "/status", "application/merge-patch+json", patch);
            if (answer.code() == ApiServer.NOT_FOUND) {
                return; // deleted meanwhile
            }
            if (answer.code() != ApiServer.CONFLICT) {
                watch.put(answer.orThrow(ref + " status"));
                writes.incrementAndGet();
                return;
            }
            ApiServer.Answer newest = source.server().get(path);
            if (newest.code() == ApiServer.NOT_FOUND) {
                return;
            }
            JsonNode object = newest.orThrow(ref.toString());
            version = object.path("metadata").path("resourceVersion").asString("");
            current = object.path("status");
        }
        throw new IOException(ref + ": its status changes faster than it can be written");
    }

    /// A merge patch takes away what is null in it (RFC 7396).
    private static ObjectNode withRemovals(JsonNode current, ObjectNode merged) {
        ObjectNode patch = merged.deepCopy();
        for (String field : current.propertyNames()) {
            if (!merged.has(field)) {
                patch.putNull(field);
            }
        }
        return patch;
    }

    @Override
    public void close() {
        closed = true;
        ring();
        writers.shutdownNow();
    }
}
