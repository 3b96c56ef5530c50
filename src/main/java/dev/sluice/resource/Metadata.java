package dev.sluice.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The standard metadata of an object, as far as it matters here.
///
/// @param namespace empty for cluster-scoped kinds; `default` when a namespaced one names none
/// @param generation of the spec; from files, a number that changes with it
/// @param creationTimestamp [Instant#EPOCH] when there is none
/// @param deletionTimestamp null while it is not being deleted
/// @param uid empty for objects from files
/// @param unsupported fields of the object that have no effect here and must not be skipped, such
///   as `spec.listeners[0].filters`; put by the source
/// @param refusal why the object was refused, where this is what stands in its place because no
///   good version of it is known, and what it may have closed is closed; null otherwise; put by the
///   source
public record Metadata(
        String namespace,
        String name,
        long generation,
        Instant creationTimestamp,
        @Nullable Instant deletionTimestamp,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<OwnerReference> ownerReferences,
        @JsonProperty(Metadata.UNSUPPORTED) List<String> unsupported,
        @JsonProperty(Metadata.REFUSAL) @Nullable String refusal) {

    /// Under which the source puts the fields that must not be skipped.
    public static final String UNSUPPORTED = "sluice.dev/unsupported";

    /// Under which the source puts why an object was refused.
    public static final String REFUSAL = "sluice.dev/refusal";

    /// Put by the source, and by nobody else, on what is beyond the budget of its namespace.
    public static final String OVER_BUDGET = "sluice.dev/over-budget";

    /// An object that this one belongs to.
    ///
    /// @param controller whether it is the one that this one is managed by
    public record OwnerReference(String kind, String uid, boolean controller) {}

    /// One that belongs to no other.
    public Metadata(
            String namespace,
            String name,
            long generation,
            Instant creationTimestamp,
            @Nullable Instant deletionTimestamp,
            String uid,
            Map<String, String> labels,
            Map<String, String> annotations) {
        this(
                namespace,
                name,
                generation,
                creationTimestamp,
                deletionTimestamp,
                uid,
                labels,
                annotations,
                List.of(),
                List.of(),
                null);
    }

    public Metadata {
        namespace = Defaults.text(namespace, "");
        name = Defaults.text(name, "");
        creationTimestamp = creationTimestamp == null ? Instant.EPOCH : creationTimestamp;
        uid = Defaults.text(uid, "");
        labels = Defaults.labels(labels);
        annotations = Defaults.labels(annotations);
        ownerReferences = Defaults.list(ownerReferences);
        unsupported = Defaults.list(unsupported);
    }

    /// Whether an object of that UID manages this one.
    public boolean isControlledBy(String owner) {
        return ownerReferences.stream()
                .anyMatch(each -> each.controller() && owner.equals(each.uid()));
    }

    /// Why no more than this and what the object is attached to was kept of it; null when all was.
    public @Nullable String excess() {
        return annotations.get(OVER_BUDGET);
    }
}
