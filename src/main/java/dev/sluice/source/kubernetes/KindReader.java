package dev.sluice.source.kubernetes;

import dev.sluice.resource.Kind;
import dev.sluice.resource.ObjectRef;
import dev.sluice.source.kubernetes.api.ApiServer;
import dev.sluice.source.kubernetes.api.RequestThrottle;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the objects of one kind, or a part of them: finds out its version, and lists them in
/// parts. All requests keep the pace of the throttle.
final class KindReader {

    private static final int FIRST_PAGE = 50;
    private static final int LARGEST_PAGE = 500;

    /// About how many bytes a part of a list is to have.
    private static final long PAGE_BYTES = 2 * 1024 * 1024;

    private final ApiServer server;
    private final Kind kind;
    private final WatchSelector watchSelector;
    private final RequestThrottle rate;
    private volatile String root;

    KindReader(ApiServer server, Kind kind, WatchSelector watchSelector, RequestThrottle rate) {
        this.server = server;
        this.kind = kind;
        this.watchSelector = watchSelector;
        this.rate = rate;
        this.root = root(kind, kind.versions().get(0));
    }

    /// The path of an object.
    String path(String objectNamespace, String name) {
        return objects(objectNamespace) + "/" + name;
    }

    /// The path of the objects beside one.
    private String objects(String objectNamespace) {
        return collection(kind.namespaced() ? objectNamespace : null);
    }

    private String collection(@Nullable String namespace) {
        return root + (namespace == null ? "" : "/namespaces/" + namespace) + "/" + kind.plural();
    }

    private static String root(Kind kind, String version) {
        return kind.group().isEmpty() ? "/api/" + version : "/apis/" + kind.group() + "/" + version;
    }

    /// Path and query of a list of all.
    String query() {
        return collection(watchSelector.namespace())
                + "?allowWatchBookmarks=true"
                + watchSelector.query();
    }

    /// Finds the best version that is served, which is read from then on.
    ///
    /// @return whether there is one
    boolean find() throws IOException {
        if (kind.group().isEmpty()) {
            return true;
        }
        for (String version : kind.versions()) {
            String candidate = root(kind, version);
            ApiServer.ApiResponse apiResponse = server.get(candidate);
            if (apiResponse.code() == ApiServer.NOT_FOUND) {
                continue;
            }
            for (JsonNode resource : apiResponse.orThrow(candidate).path("resources")) {
                if (resource.path("name").asString("").equals(kind.plural())) {
                    root = candidate;
                    return true;
                }
            }
        }
        return false;
    }

    /// Reads all into a listing, which is not ended.
    ///
    /// @return the resourceVersion of the list
    String list(WatchStore.Listing listing) throws IOException {
        ApiServer.Page page = new ApiServer.Page("", "", 0, 0);
        int limit = FIRST_PAGE;
        do {
            String token = page.next().isEmpty() ? "" : "&continue=" + page.next();
            page =
                    server.list(
                            query() + "&limit=" + limit + token,
                            watchSelector.accept(true),
                            kind.plural(),
                            listing::add);
            limit = limit(page);
            if (!page.next().isEmpty()) {
                rate.await();
            }
        } while (!page.next().isEmpty());
        for (ObjectRef ref = listing.stale(); ref != null; ref = listing.stale()) {
            reread(ref, listing::add);
        }
        return page.version();
    }

    /// How many objects of the size of those of a part make one of the size that is aimed at.
    private static int limit(ApiServer.Page page) {
        long each = Math.max(page.bytes() / Math.max(page.items(), 1), 1);
        return Math.toIntExact(Math.clamp(PAGE_BYTES / each, 1, LARGEST_PAGE));
    }

    /// Reads one object, as a list, which we may read of each kind.
    void reread(ObjectRef ref, Consumer<JsonNode> to) throws IOException {
        rate.await();
        WatchSelector one = WatchSelector.named(ref.namespace(), ref.name());
        String of = objects(ref.namespace()) + "?allowWatchBookmarks=true" + one.query();
        server.list(of, watchSelector.accept(true), ref.toString(), to);
    }
}
