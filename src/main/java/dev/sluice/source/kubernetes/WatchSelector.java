package dev.sluice.source.kubernetes;

import dev.sluice.source.kubernetes.api.ApiServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Which objects of a kind are read, and how much of them.
///
/// @param namespace the only one, null for all
/// @param query parameters, each after an `&`
/// @param metadataOnly whether the rest of the objects is left on the API server
/// @param awaited whether nothing goes on before they are read
record WatchSelector(
        @Nullable String namespace, String query, boolean metadataOnly, boolean awaited) {

    static final WatchSelector ALL = new WatchSelector(null, "", false, true);

    /// All objects, without what they hold.
    static final WatchSelector METADATA = new WatchSelector(null, "", true, true);

    /// The versions of those of one namespace, or with null of all. There may be other ways to
    /// them.
    static WatchSelector versions(@Nullable String namespace) {
        return new WatchSelector(namespace, "", true, false);
    }

    /// Those of one namespace with a label.
    static WatchSelector labelled(String namespace, String label, String value) {
        return new WatchSelector(namespace, "&labelSelector=" + equal(label, value), false, true);
    }

    /// One object. RBAC can permit it by `resourceNames`.
    static WatchSelector named(String namespace, String name) {
        return new WatchSelector(
                namespace, "&fieldSelector=" + equal("metadata.name", name), false, true);
    }

    private static String equal(String left, String right) {
        return URLEncoder.encode(left + "=" + right, StandardCharsets.UTF_8);
    }

    /// The `Accept` field of lists, and of watches.
    String accept(boolean list) {
        return metadataOnly
                ? "application/json;as=PartialObjectMetadata"
                        + (list ? "List" : "")
                        + ";v=v1;g=meta.k8s.io"
                : ApiServer.JSON_TYPE;
    }
}
