package dev.sluice.source.kubernetes;

import dev.sluice.resource.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An object as the API server has it.
///
/// @param resource what is translated
/// @param version its resourceVersion
/// @param status as it stands there, for kinds that we answer; null for the others
/// @param idle fields that have no effect here
/// @param written what it was decoded from, where it has fields that must not be skipped: they may
///   turn out to be at their defaults
record LiveObject(
        Resource resource,
        String version,
        @Nullable JsonNode status,
        List<String> idle,
        @Nullable JsonNode written) {

    /// The same, with the known instance of the resource where that is equal, so that an equal
    /// object is not translated again.
    LiveObject after(@Nullable LiveObject known) {
        return known != null && known.resource().equals(resource)
                ? new LiveObject(known.resource(), version, status, idle, written)
                : this;
    }
}
