package dev.sluice.resource;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The standard metadata of an object, as far as it matters here.
///
/// @param namespace empty for cluster-scoped kinds; `default` when a namespaced one names none
/// @param generation of the spec; from files, a number that changes with it
/// @param creationTimestamp [Instant#EPOCH] when there is none
/// @param deletionTimestamp null while it is not being deleted
/// @param uid empty for objects from files
public record Metadata(
        String namespace,
        String name,
        long generation,
        Instant creationTimestamp,
        @Nullable Instant deletionTimestamp,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations) {

    /// Put by the source, and by nobody else, on what is beyond the budget of its namespace.
    public static final String OVER_BUDGET = "sluice.dev/over-budget";

    public Metadata {
        namespace = Defaults.text(namespace, "");
        name = Defaults.text(name, "");
        creationTimestamp = creationTimestamp == null ? Instant.EPOCH : creationTimestamp;
        uid = Defaults.text(uid, "");
        labels = Defaults.map(labels);
        annotations = Defaults.map(annotations);
    }

    /// Why no more than this and what the object is attached to was kept of it; null when all was.
    public @Nullable String excess() {
        return annotations.get(OVER_BUDGET);
    }
}
