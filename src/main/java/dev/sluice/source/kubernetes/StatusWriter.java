package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.DesiredInfrastructure;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Status;
import dev.sluice.resource.Statuses;
import dev.sluice.source.StatusSink;
import dev.sluice.source.kubernetes.event.ObjectEvents;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Writes statuses that differ from what the API server has, in passes: a pass looks at objects
/// whose answer or whose status there has changed since they were found to agree, writes each at
/// most once, with the newest answer, and those that keep changing at the pace of [WriteBackoff].
public final class StatusWriter implements StatusSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

    /// Requests at once.
    private static final int PARALLEL = 16;

    /// Most writes of a pass; with [#PASS] at most 500 a second.
    private static final int MOST = 50;

    private static final Duration PASS = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration FOREVER = Duration.ofDays(1);

    /// What many others contribute to comes first.
    private static final Comparator<Due> BY_KIND =
            Comparator.comparingInt((Due due) ->
                    switch (due.ref().kind()) {
                        case "GatewayClass" -> 0;
                        case "Gateway" -> 1;
                        case "ListenerSet" -> 2;
                        default -> 3;
                    });

    private final UnexpectedErrors errors;
    private final KubernetesSource source;
    private final BooleanSupplier leading;
    private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore permits = new Semaphore(PARALLEL);
    private final Semaphore bell = new Semaphore(0);
    private final ObjectEvents events;
    private final StatusPatch write;
    private final InfrastructureWriter services;
    private final @Nullable PortRecord record;
    private final Map<ObjectRef, WriteBackoff> paces = new HashMap<>();
    private final Set<ObjectRef> touched = ConcurrentHashMap.newKeySet();
    private final Set<ObjectRef> open = new LinkedHashSet<>();
    private final IgnoredFieldReporter idle = new IgnoredFieldReporter();
    private Statuses seen = Statuses.NONE;
    private volatile Map<String, Integer> targetPorts = Map.of();
    private volatile @Nullable DesiredState desiredState;
    private volatile boolean closed;

    private record DesiredState(Statuses statuses, List<DesiredInfrastructure> infrastructure) {}

    private record Due(ObjectRef ref, LiveObject live, Status status) {}

    /// @param leading whether this replica may write now
    /// @param namespace our own, which holds the record of target ports; null for none
    /// @param errors receives unexpected errors
    public StatusWriter(
            KubernetesSource source,
            String controller,
            BooleanSupplier leading,
            @Nullable String namespace,
            UnexpectedErrors errors) {
        this.errors = errors;
        this.record = namespace == null ? null : new PortRecord(source, namespace);
        this.source = source;
        this.leading = leading;
        this.events = new ObjectEvents(source.server(), controller);
        this.write = new StatusPatch(source, controller, leading, events);
        this.services = new InfrastructureWriter(source, controller);
        Thread.ofVirtual().name("sluice-statuses").start(this::run);
        source.onWrite(this::look);
    }

    /// How many statuses were written so far.
    public long writes() {
        return write.writes();
    }

    /// How many writes met an object that somebody else had written meanwhile.
    public long conflicts() {
        return write.conflicts();
    }

    /// How many Services and EndpointSlices were written so far.
    public long infrastructureWrites() {
        return services.writes();
    }

    /// How many objects are to be looked at.
    int remembered() {
        return touched.size();
    }

    @Override
    public void allocate(Map<String, Integer> byKey) {
        targetPorts = byKey;
    }

    @Override
    public void write(Statuses statuses, List<DesiredInfrastructure> infrastructure) {
        desiredState = new DesiredState(statuses, infrastructure);
        ring();
    }

    private void look(ObjectRef ref) {
        touched.add(ref);
        ring();
    }

    /// Looks again: this replica may have become the leader.
    public void ring() {
        bell.release();
    }

    private void run() {
        Duration wait = FOREVER;
        while (!closed) {
            try {
                boolean _ = bell.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
                bell.drainPermits();
                DesiredState now = desiredState;
                wait = now == null ? FOREVER : pass(now, leading.getAsBoolean());
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                if (!closed) {
                    errors.report("statuses", e);
                }
                wait = RETRY;
            }
        }
    }

    /// @return when to look again if nothing happens
    private Duration pass(DesiredState now, boolean leads) throws InterruptedException {
        if (!leads) {
            seen = Statuses.NONE; // a leader looks at all of them once, so that none need be
            // remembered
            touched.clear();
            open.clear();
            return await(retire(now.infrastructure())) ? FOREVER : RETRY;
        }
        long time = System.nanoTime();
        paces.values().removeIf(writeBackoff -> writeBackoff.isOver(time));
        services.retain(now.infrastructure());
        List<Future<?>> pending = new ArrayList<>();
        Map<String, Integer> ports = targetPorts;
        if (record != null && record.differs(ports)) {
            pending.add(submit(() -> record.write(ports), leading));
        }
        long wait = FOREVER.toNanos();
        for (DesiredInfrastructure one : now.infrastructure()) {
            if (!services.differs(one)) {
                continue;
            }
            boolean bent = services.isBent(one);
            long left = bent ? mending(one, time) : 0;
            if (left > 0) {
                wait = Math.min(wait, left);
            } else {
                pending.add(submit(() -> write(one, bent), leading));
            }
        }
        List<Due> due = new ArrayList<>();
        for (Due one : different(now.statuses())) {
            WriteBackoff writeBackoff = paces.get(one.ref());
            long left = writeBackoff == null ? 0 : writeBackoff.left(time);
            if (left > 0) {
                wait = Math.min(wait, left);
            } else {
                due.add(one);
            }
        }
        due.sort(BY_KIND);
        for (Due one : due.subList(0, Math.min(due.size(), MOST))) {
            paces.computeIfAbsent(one.ref(), _ -> new WriteBackoff()).used(time);
            pending.add(submit(() -> write.run(one.ref(), one.live(), one.status()), leading));
        }
        if (due.size() > MOST) {
            wait = 0;
        }
        return await(pending) ? Duration.ofNanos(wait) : RETRY;
    }

    private void write(DesiredInfrastructure one, boolean bent) throws IOException {
        services.write(one);
        if (bent) {
            events.warn(
                    one.gateway(),
                    "ServiceRestored",
                    "somebody changed the Service "
                            + one.name()
                            + " or its EndpointSlices, which are this Gateway's; they are restored");
        }
    }

    /// Nanoseconds until something that was bent is mended: who does that again and again is not to
    /// cause a write each time.
    private long mending(DesiredInfrastructure one, long time) {
        ObjectRef ref = new ObjectRef("", "Service", one.gateway().namespace(), one.name());
        WriteBackoff writeBackoff = paces.computeIfAbsent(ref, _ -> WriteBackoff.ofMending());
        long left = writeBackoff.left(time);
        if (left <= 0) {
            writeBackoff.used(time);
        }
        return left;
    }

    /// What replicas do that do not lead: take pods that no longer serve out of the EndpointSlices.
    /// When the leader dies nobody else would tell that it is gone until its Lease ends.
    private List<Future<?>> retire(List<DesiredInfrastructure> infrastructure)
            throws InterruptedException {
        List<Future<?>> pending = new ArrayList<>();
        for (DesiredInfrastructure one : infrastructure) {
            if (services.isStale(one)) {
                pending.add(submit(() -> services.retire(one), () -> true));
            }
        }
        return pending;
    }

    private List<Due> different(Statuses statuses) {
        reopen(statuses);
        List<Due> different = new ArrayList<>();
        open.removeIf(ref -> {
            Status status = statuses.byObject().get(ref);
            // A Service that asks for a route is answered by the endpoint only.
            LiveObject liveObject =
                    status == null || ref.group().isEmpty() ? null : source.find(ref);
            if (status == null || liveObject == null) {
                return true;
            }
            idle.report(ref, liveObject);
            boolean differs = write.differs(liveObject, status);
            if (differs) {
                different.add(new Due(ref, liveObject, status));
            }
            return !differs;
        });
        return different;
    }

    /// What agreed has to be looked at again where one side has changed.
    @SuppressWarnings("ReferenceEquality") // an equal answer costs one more look
    private void reopen(Statuses statuses) {
        List<ObjectRef> written = List.copyOf(touched);
        written.forEach(
                touched::remove); // before they are looked at, so that a change meanwhile is not
        // lost
        open.addAll(written);
        if (statuses == seen) {
            return;
        }
        Map<ObjectRef, Status> before = seen.byObject();
        statuses.byObject()
                .forEach((ref, status) -> {
                    if (before.get(ref) != status) {
                        open.add(ref);
                    }
                });
        idle.retain(statuses.byObject().keySet());
        seen = statuses;
    }

    /// Waits for the end of a pass, and then for the least time between two.
    private boolean await(List<Future<?>> pending) throws InterruptedException {
        boolean good = true;
        for (Future<?> one : pending) {
            try {
                one.get();
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                if (cause instanceof IOException) {
                    LOG.warn("not written: {}", cause.getMessage());
                } else if (!closed) {
                    errors.report("statuses.write", cause);
                }
                good = false;
            }
        }
        if (!pending.isEmpty()) {
            Thread.sleep(PASS);
        }
        return good;
    }

    private interface Write {
        void run() throws IOException;
    }

    private Future<?> submit(Write task, BooleanSupplier may) throws InterruptedException {
        permits.acquire();
        Callable<Void> permitted =
                () -> {
                    try {
                        if (may.getAsBoolean()) {
                            task.run();
                        }
                    } finally {
                        permits.release();
                    }
                    return null;
                };
        return writers.submit(permitted);
    }

    /// The status of an object as it stands.
    static JsonNode status(LiveObject liveObject) {
        return liveObject.status() == null ? MissingNode.getInstance() : liveObject.status();
    }

    @Override
    public void close() {
        closed = true;
        ring();
        writers.shutdownNow();
    }
}
