package dev.sluice.source.kubernetes;

import dev.sluice.observe.UnexpectedErrors;
import dev.sluice.resource.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Keeps the objects of one kind up to date: lists them, then follows a watch from there, and goes on
/// from the last version it heard of when a watch breaks. What was read stays while the API server
/// is away. A kind that is not installed, or that we may not read, counts as one without objects,
/// and is looked for again and again.
final class KindWatch implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(KindWatch.class);
    private static final int PAGE = 500;
    private static final int WATCH_SECONDS = 290;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final UnexpectedErrors errors;
    private final ApiServer server;
    private final Kind kind;
    private final Selection selection;
    private final KindObjects.Changes changes;
    private final KindObjects objects;
    private volatile String root;
    private volatile String seen = "";
    private volatile State state = State.UNREAD;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;
    private int failures;

    /// What is known of the kind. One value, so that nobody sees a half of a change.
    ///
    /// @param read whether everything was read, and is kept up to date since
    /// @param counted whether a snapshot may be made: it was read once, or cannot be
    /// @param unreadable why there is nothing to read
    /// @param broken what is wrong with the connection
    private record State(
            boolean read, boolean counted, @Nullable String unreadable, @Nullable String broken) {
        static final State UNREAD = new State(false, false, null, null);
        static final State READ = new State(true, true, null, null);

        State readable() {
            return new State(read, counted, null, null);
        }

        State broken(@Nullable String why) {
            return new State(read, counted, unreadable, why);
        }

        static State unreadable(String why) {
            return new State(false, true, why, null);
        }
    }

    KindWatch(
            ApiServer server,
            Kind kind,
            Selection selection,
            KindObjects.Changes changes,
            UnexpectedErrors errors) {
        this.errors = errors;
        this.server = server;
        this.kind = kind;
        this.selection = selection;
        this.changes = changes;
        this.objects = new KindObjects(kind, changes, errors);
        this.root = root(kind, kind.versions().get(0));
    }

    Kind kind() {
        return kind;
    }

    KindObjects objects() {
        return objects;
    }

    /// Whether everything was read once, or cannot be.
    boolean isSynced() {
        return state.counted();
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
        String version = object.path("metadata").path("resourceVersion").asString("");
        if (KindObjects.isOlder(seen, version)) {
            objects.put(object);
        }
    }

    /// The path of an object.
    String path(String objectNamespace, String name) {
        return collection(kind.namespaced() ? objectNamespace : null) + "/" + name;
    }

    private String collection(@Nullable String namespace) {
        return root + (namespace == null ? "" : "/namespaces/" + namespace) + "/" + kind.plural();
    }

    private static String root(Kind kind, String version) {
        return kind.group().isEmpty() ? "/api/" + version : "/apis/" + kind.group() + "/" + version;
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
        if (seen.isEmpty()) {
            String found = installed();
            if (found == null && state.read()) {
                // An API server that starts may not know all its kinds yet: look twice.
                pause(LONGEST_PAUSE);
                found = installed();
            }
            if (found == null) {
                notReadable("not installed");
                return;
            }
            root = found;
            seen = list();
            return;
        }
        long start = System.nanoTime();
        if (!watch()) {
            seen = "";
            // Whatever makes a watch fail at once is not to become a storm of lists.
            if (System.nanoTime() - start < 1_000_000_000) {
                pause(Duration.ofMillis(500));
            }
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
        if (e instanceof ApiServer.Refused refused
                && refused.code() == ApiServer.FORBIDDEN
                && !state.read()) {
            notReadable("forbidden");
            return;
        }
        state = state.broken(String.valueOf(e.getMessage()));
        if (failures == 1) {
            LOG.warn("{}: {}; trying again", kind.plural(), e.getMessage());
            changes.changed();
        }
        long millis = Math.min(LONGEST_PAUSE.toMillis(), 125L << Math.min(failures, 10));
        pause(Duration.ofMillis(millis));
    }

    private void notReadable(String why) {
        boolean first = state.unreadable() == null;
        state = State.unreadable(why);
        if (first) {
            LOG.info("{}: {}; looking for it again and again", kind.plural(), why);
            objects.clear();
        }
        pause(LONGEST_PAUSE);
    }

    /// Waits the given time, give or take a half.
    private void pause(Duration about) {
        try {
            long millis = about.toMillis();
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /// The best version that is served; null when the kind is not installed.
    private @Nullable String installed() throws IOException {
        if (kind.group().isEmpty()) {
            return root;
        }
        for (String version : kind.versions()) {
            String candidate = root(kind, version);
            ApiServer.Answer answer = server.get(candidate);
            if (answer.code() == ApiServer.NOT_FOUND) {
                continue;
            }
            for (JsonNode resource : answer.orThrow(candidate).path("resources")) {
                if (resource.path("name").asString("").equals(kind.plural())) {
                    return candidate;
                }
            }
        }
        return null;
    }

    private String query() {
        return collection(selection.namespace()) + "?allowWatchBookmarks=true" + selection.query();
    }

    /// @return the resourceVersion of the list
    private String list() throws IOException {
        List<JsonNode> items = new ArrayList<>();
        String version = "";
        String next = "";
        do {
            String token = next.isEmpty() ? "" : "&continue=" + next;
            JsonNode page =
                    server.get(query() + "&limit=" + PAGE + token, selection.accept(true))
                            .orThrow(kind.plural());
            page.path("items").forEach(items::add);
            version = page.path("metadata").path("resourceVersion").asString("");
            next = page.path("metadata").path("continue").asString("");
        } while (!next.isEmpty());
        // A snapshot may be made at any moment. Whatever it holds is explained by then; and it is
        // not
        // made of a half of the list.
        state = state.readable();
        objects.replace(items);
        state = State.READ;
        changes.changed();
        return version;
    }

    /// Follows the changes for as long as a watch lasts.
    ///
    /// @return whether the next one can go on from there; else everything has to be listed again
    private boolean watch() throws IOException {
        boolean[] expired = {false};
        int code =
                server.watch(
                        query()
                                + "&watch=true&timeoutSeconds="
                                + WATCH_SECONDS
                                + "&resourceVersion="
                                + seen,
                        selection.accept(false),
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
            throw new ApiServer.Refused(code, "watch was answered with " + code);
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
