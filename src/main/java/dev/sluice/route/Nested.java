package dev.sluice.route;

import org.jspecify.annotations.Nullable;

/// A value that is kept under a hostname or path prefix, linked to the one of the next wider
/// hostname or prefix, where a search goes on that finds nothing here.
///
/// @param value kept here
/// @param wider the next less specific, null at the end
record Nested<V>(V value, @Nullable Nested<V> wider) {}
