package dev.sluice.resource;

import java.time.Instant;
import java.util.Map;

/// The standard metadata of an object, as far as it matters here.
///
/// @param namespace empty for cluster-scoped kinds; `default` when a namespaced one names none
/// @param generation of the spec; from files, a number that changes with it
/// @param creationTimestamp [Instant#EPOCH] when there is none
public record Metadata(
        String namespace,
        String name,
        long generation,
        Instant creationTimestamp,
        Map<String, String> labels,
        Map<String, String> annotations) {

    public Metadata {
        namespace = Defaults.text(namespace, "");
        name = Defaults.text(name, "");
        creationTimestamp = creationTimestamp == null ? Instant.EPOCH : creationTimestamp;
        labels = Defaults.map(labels);
        annotations = Defaults.map(annotations);
    }

    Metadata in(String otherNamespace, long otherGeneration) {
        return new Metadata(
                otherNamespace, name, otherGeneration, creationTimestamp, labels, annotations);
    }
}
