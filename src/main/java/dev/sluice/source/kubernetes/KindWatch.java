package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Kind;
import dev.sluice.resource.ObjectRef;
import dev.sluice.source.kubernetes.api.ApiServer;
import dev.sluice.source.kubernetes.api.Backoff;
import dev.sluice.source.kubernetes.api.RequestThrottle;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Keeps the objects of one kind up to date: lists them, then follows a watch from there, and goes
/// on from the last version it heard of when a watch breaks. What was read stays while the API
/// server is away. A kind that is not installed, or that we may not read, is looked for again and
/// again; one that a cluster may lack counts as one without objects until then.
///
/// @param <S> where they are kept
final class KindWatch<S extends WatchStore> implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(KindWatch.class);
    private static final int WATCH_SECONDS = 290;

    /// A watch that ends sooner has not been worth its request.
    private static final Duration SHORT = Duration.ofSeconds(5);

    /// Until it is known which kinds there are.
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final KindPresence kindPresence;
    private final RequestThrottle rate;
    private final UnexpectedErrors errors;
    private final ApiServer server;
    private final Kind kind;
    private final WatchSelector watchSelector;
    private final KindStore.Changes changes;
    private final S objects;
    private final KindReader reader;
    private volatile String seen = "";
    private volatile KindState state;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;
    private final Backoff backoff = new Backoff();
    private int failures;

    KindWatch(
            ApiServer server,
            Kind kind,
            WatchSelector watchSelector,
            S objects,
            KindStore.Changes changes,
            KindPresence kindPresence,
            RequestThrottle rate,
            UnexpectedErrors errors) {
        this.kindPresence = kindPresence;
        this.rate = rate;
        this.errors = errors;
        this.server = server;
        this.kind = kind;
        this.watchSelector = watchSelector;
        this.changes = changes;
        this.objects = objects;
        this.state = watchSelector.awaited() ? KindState.UNREAD : KindState.UNAWAITED;
        this.reader = new KindReader(server, kind, watchSelector, rate);
    }

    Kind kind() {
        return kind;
    }

    S objects() {
        return objects;
    }

    /// Whether a snapshot may be made without waiting for the kind.
    boolean isCounted() {
        return state.counted();
    }

    /// Whether everything was read, and is kept up to date since.
    boolean isRead() {
        return state.read();
    }

    /// Whether it is known how things stand: everything was read, or cannot be for now.
    boolean isSettled() {
        KindState now = state;
        return now.read() || now.unreadable() != null || now.broken() != null;
    }

    /// Why there is nothing to read: the kind is not installed, or we may not. Null when there is.
    @Nullable String unreadable() {
        return state.unreadable();
    }

    /// What is wrong with the connection since it was lost; null while all is well.
    @Nullable String broken() {
        return state.broken();
    }

    /// Takes over what the API server answered to a write, unless the watch was faster.
    void put(JsonNode object) {
        String version = KindStore.version(object);
        if (KindStore.isOlder(seen, version)) {
            objects.put(object);
        }
    }

    /// The path of an object.
    String path(String objectNamespace, String name) {
        return reader.path(objectNamespace, name);
    }

    void start() {
        thread = Thread.ofVirtual().name("watch " + kind.plural()).start(this);
    }

    void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                step();
                well();
            } catch (IOException e) {
                failures++;
                failed(e);
            } catch (Throwable e) {
                failures++;
                unexpected(e);
                failed(e);
            }
        }
    }

    private void well() {
        if (failures > 0) {
            LOG.info("{}: read again", kind.plural());
        }
        failures = 0;
        state = state.broken(null);
    }

    /// A list or a watch from its beginning to its end.
    private void step() throws IOException {
        rate.await();
        if (seen.isEmpty()) {
            boolean found = reader.find();
            if (!found && state.read()) {
                // An API server that starts may not know all its kinds yet: look twice.
                pause(Backoff.jittered(Backoff.LONGEST));
                found = reader.find();
            }
            if (!found) {
                absent();
                return;
            }
            seen = list();
            return;
        }
        long start = System.nanoTime();
        boolean isShort = true;
        try {
            if (!watch()) {
                seen = "";
            }
        } finally {
            isShort = System.nanoTime() - start < SHORT.toNanos();
            if (!isShort) {
                backoff.reset();
            }
        }
        if (isShort) {
            pause(backoff.next()); // or watches that end at once become a storm
        }
    }

    private void unexpected(Throwable e) {
        if (!closed) {
            errors.report("source.watch", kind.plural(), e);
        }
    }

    private void failed(Throwable e) {
        if (closed) {
            return;
        }
        if (e instanceof ApiServer.ApiServerError apiServerError
                && apiServerError.code() == ApiServer.FORBIDDEN
                && !state.read()) {
            notReadable(state.forbidden());
            return;
        }
        state = state.broken(String.valueOf(e.getMessage()));
        if (failures == 1) {
            LOG.warn("{}: {}; trying again", kind.plural(), e.getMessage());
            changes.changed();
        }
        pause(backoff.next());
    }

    private void absent() {
        switch (kindPresence.of(kind)) {
            case ABSENT -> notReadable(state.absent(kind.isOptional()));
            case UNKNOWN -> pause(MOMENT);
            case DEFINED -> pause(backoff.next()); // the API server does not serve it yet
        }
    }

    private void notReadable(KindState next) {
        String why = next.unreadable();
        boolean first = !Objects.equals(why, state.unreadable());
        state = next;
        if (first && next.counted()) {
            LOG.info("{}: {}; looking for it again and again", kind.plural(), why);
        } else if (first) {
            LOG.warn("{}: {}; nothing is served before they are read", kind.plural(), why);
        }
        if (first) {
            objects.clear();
        }
        pause(Backoff.jittered(Backoff.LONGEST));
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /// @return the resourceVersion of the list
    private String list() throws IOException {
        WatchStore.Listing listing = objects.listing();
        String version = reader.list(listing);
        // A snapshot may be made at any moment. Whatever it holds is explained by then; and it is
        // not made of a half of the list.
        state = state.readable();
        listing.end();
        state = KindState.READ;
        changes.changed();
        return version;
    }

    /// Reads one object again: how much of it is kept has changed.
    ///
    /// @param to given the object, if it is there
    void reread(ObjectRef ref, Consumer<JsonNode> to) throws IOException {
        reader.reread(ref, to);
    }

    /// Follows the changes for as long as a watch lasts.
    ///
    /// @return whether the next one can go on from there; else everything has to be listed again
    private boolean watch() throws IOException {
        boolean[] expired = {false};
        int code =
                server.watch(
                        reader.query()
                                + "&watch=true&timeoutSeconds="
                                + WATCH_SECONDS
                                + "&resourceVersion="
                                + seen,
                        watchSelector.accept(false),
                        this::well,
                        event -> {
                            if (event.path("type").asString("").equals("ERROR")) {
                                expired[0] = true;
                            } else {
                                guarded(event);
                            }
                        });
        if (code == ApiServer.GONE || code == ApiServer.NOT_FOUND) {
            return false;
        }
        if (code != ApiServer.OK) {
            throw new ApiServer.ApiServerError(code, "watch was answered with " + code);
        }
        return !expired[0];
    }

    /// On a thread of the HTTP client: whatever is wrong with one event, the watch goes on.
    private void guarded(JsonNode event) {
        try {
            event(event);
        } catch (Throwable e) {
            unexpected(e);
        }
    }

    private void event(JsonNode event) {
        JsonNode object = event.path("object");
        // Before the object is taken, so that an older answer to a write is not taken after it.
        seen = object.path("metadata").path("resourceVersion").asString(seen);
        switch (event.path("type").asString("")) {
            case "ADDED", "MODIFIED" -> objects.put(object);
            case "DELETED" -> objects.remove(object);
            default -> {} // BOOKMARK
        }
    }
}
