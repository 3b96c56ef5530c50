package dev.sluice.source.kubernetes;

import dev.sluice.resource.ObjectRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where a watch puts what it reads. Called by one watch, and by who has newer objects from
/// elsewhere.
interface WatchStore {

    /// Begins to take a list of all objects.
    Listing listing();

    /// An object is there, or has changed.
    void put(JsonNode object);

    /// An object is gone.
    void remove(JsonNode object);

    /// There is nothing to read any more.
    void clear();

    /// A list that is being read. What was known stays until its end.
    interface Listing {

        void add(JsonNode item);

        /// One that has to be read again before the end, null when there is none.
        @Nullable ObjectRef stale();

        /// All are there: they come to be in the place of what was known.
        void end();
    }
}
