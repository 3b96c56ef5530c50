package dev.sluice.source.kubernetes;

import dev.sluice.resource.Kind;
import dev.sluice.resource.Resource;
import dev.sluice.source.Decoder;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The objects of one kind: listed, then watched, for as long as it runs. What was read stays while
/// the API server is away.
final class KindWatch implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(KindWatch.class);
    private static final int PAGE = 500;
    private static final int WATCH_SECONDS = 290;
    private static final long RETRY_MILLIS = 1000;

    private final ApiServer server;
    private final Kind kind;
    private final @Nullable String namespace;
    private final String selector;
    private final Changes changes;
    private final Map<String, Live> objects = new ConcurrentHashMap<>();
    private volatile String seen = "";
    private volatile boolean synced;
    private volatile boolean absent;
    private volatile boolean closed;
    private @Nullable String path;

    /// Told of what happens to the objects.
    interface Changes {

        /// What is translated has changed.
        void changed();

        /// Only a status has.
        void statusChanged();
    }

    /// @param namespace the only one that is watched, null for all
    /// @param selector of labels, empty for all objects
    KindWatch(
            ApiServer server,
            Kind kind,
            @Nullable String namespace,
            String selector,
            Changes changes) {
        this.server = server;
        this.kind = kind;
        this.namespace = namespace;
        this.selector = selector;
        this.changes = changes;
    }

    Kind kind() {
        return kind;
    }

    /// Whether everything was read once, or the kind is not installed.
    boolean isSynced() {
        return synced || absent;
    }

    /// Whether the kind is not installed.
    boolean isAbsent() {
        return absent;
    }

    Collection<Live> objects() {
        return objects.values();
    }

    @Nullable Live find(String objectNamespace, String name) {
        return objects.get(objectNamespace + "/" + name);
    }

    /// Takes over what the API server answered to a write, unless the watch was faster.
    void put(JsonNode object) {
        String version = object.path("metadata").path("resourceVersion").asString("");
        if (isOlder(seen, version)) {
            accept(object);
        }
    }

    /// The path of an object.
    String path(String objectNamespace, String name) {
        return root()
                + (kind.namespaced() ? "/namespaces/" + objectNamespace : "")
                + "/"
                + kind.plural()
                + "/"
                + name;
    }

    /// The path of a namespace's objects.
    String collection(String objectNamespace) {
        return root() + "/namespaces/" + objectNamespace + "/" + kind.plural();
    }

    private String root() {
        return path == null ? root(kind, kind.versions().get(0)) : path;
    }

    private static String root(Kind kind, String version) {
        return kind.group().isEmpty() ? "/api/" + version : "/apis/" + kind.group() + "/" + version;
    }

    void close() {
        closed = true;
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                String root = installed();
                if (root == null) {
                    disappeared();
                    pause(Duration.ofSeconds(5));
                } else {
                    path = root;
                    watch(list());
                }
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.warn("{}: {}; trying again", kind.plural(), e.getMessage());
                    pause(Duration.ofMillis(RETRY_MILLIS));
                }
            }
        }
    }

    private void pause(Duration least) {
        try {
            long millis = least.toMillis();
            Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /// The best version that is served; null when the kind is not installed.
    private @Nullable String installed() throws IOException {
        for (String version : kind.versions()) {
            String root = root(kind, version);
            ApiServer.Answer answer = server.get(root);
            if (answer.code() == ApiServer.NOT_FOUND) {
                continue;
            }
            for (JsonNode resource : answer.orThrow(root).path("resources")) {
                if (resource.path("name").asString("").equals(kind.plural())) {
                    return root;
                }
            }
        }
        return null;
    }

    private void disappeared() {
        if (!absent) {
            absent = true;
            objects.clear();
            changes.changed();
        }
    }

    private String query() {
        String prefix = namespace == null ? "" : "/namespaces/" + namespace;
        String labels = selector.isEmpty() ? "" : "&labelSelector=" + selector;
        return path + prefix + "/" + kind.plural() + "?allowWatchBookmarks=true" + labels;
    }

    /// @return the resourceVersion of the list
    private String list() throws IOException {
        Map<String, Live> listed = new HashMap<>();
        String version = "";
        String next = "";
        do {
            String token = next.isEmpty() ? "" : "&continue=" + next;
            JsonNode page = server.get(query() + "&limit=" + PAGE + token).orThrow(kind.plural());
            for (JsonNode item : page.path("items")) {
                Live live = decode(item);
                if (live != null) {
                    listed.put(key(live.resource()), live);
                }
            }
            version = page.path("metadata").path("resourceVersion").asString("");
            next = page.path("metadata").path("continue").asString("");
        } while (!next.isEmpty());
        objects.keySet().retainAll(listed.keySet());
        objects.putAll(listed);
        synced = true;
        absent = false;
        changes.changed();
        return version;
    }

    /// Follows the changes until the server no longer knows where we stand.
    private void watch(String from) throws IOException {
        seen = from;
        boolean[] expired = {false};
        while (!closed && !expired[0]) {
            int code =
                    server.watch(
                            query()
                                    + "&watch=true&timeoutSeconds="
                                    + WATCH_SECONDS
                                    + "&resourceVersion="
                                    + seen,
                            WATCH_SECONDS,
                            event -> {
                                JsonNode object = event.path("object");
                                if (event.path("type").asString("").equals("ERROR")) {
                                    expired[0] = true;
                                    return;
                                }
                                event(event.path("type").asString(""), object);
                                seen =
                                        object.path("metadata")
                                                .path("resourceVersion")
                                                .asString(seen);
                            });
            if (code == ApiServer.GONE || code == ApiServer.NOT_FOUND) {
                return;
            }
            if (code != 200) {
                throw new IOException("watch was answered with " + code);
            }
        }
    }

    private void event(String type, JsonNode object) {
        switch (type) {
            case "ADDED", "MODIFIED" -> accept(object);
            case "DELETED" -> {
                Live live = decode(object);
                if (live != null && objects.remove(key(live.resource())) != null) {
                    changes.changed();
                }
            }
            default -> {} // BOOKMARK
        }
    }

    private void accept(JsonNode object) {
        Live live = decode(object);
        if (live == null) {
            return;
        }
        Live before;
        synchronized (objects) { // the watch and the answers to writes meet here
            before = objects.get(key(live.resource()));
            if (before != null && isOlder(live.version(), before.version())) {
                return;
            }
            objects.put(key(live.resource()), live);
        }
        if (before == null || !before.resource().equals(live.resource())) {
            changes.changed();
        } else {
            changes.statusChanged();
        }
    }

    /// Resource versions are decimal numbers that grow (KEP-5504).
    private static boolean isOlder(String version, String other) {
        return version.length() < other.length()
                || version.length() == other.length() && version.compareTo(other) < 0;
    }

    private @Nullable Live decode(JsonNode object) {
        try {
            Resource resource = Decoder.decode(object, kind);
            String version = object.path("metadata").path("resourceVersion").asString("");
            JsonNode status = kind.answered() ? object.path("status") : null;
            return new Live(resource, version, status);
        } catch (JacksonException e) {
            LOG.error(
                    "{} {}/{} cannot be read: {}",
                    kind.name(),
                    object.path("metadata").path("namespace").asString(""),
                    object.path("metadata").path("name").asString(""),
                    e.getOriginalMessage());
            return null;
        }
    }

    private static String key(Resource resource) {
        return resource.namespace() + "/" + resource.name();
    }
}
