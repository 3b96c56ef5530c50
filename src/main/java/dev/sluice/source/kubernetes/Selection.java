package dev.sluice.source.kubernetes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Which objects of a kind are read, and how much of them.
///
/// @param namespace the only one, null for all
/// @param query parameters, each after an `&`
/// @param metadataOnly whether the rest of the objects is left on the API server
record Selection(@Nullable String namespace, String query, boolean metadataOnly) {

    static final Selection ALL = new Selection(null, "", false);

    /// All objects, without what they hold.
    static final Selection METADATA = new Selection(null, "", true);

    /// Those of one namespace with a label.
    static Selection labelled(String namespace, String label, String value) {
        return new Selection(namespace, "&labelSelector=" + equal(label, value), false);
    }

    /// One object. RBAC can permit it by `resourceNames`.
    static Selection named(String namespace, String name) {
        return new Selection(namespace, "&fieldSelector=" + equal("metadata.name", name), false);
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
