package dev.sluice.source.kubernetes;

import org.jspecify.annotations.Nullable;

/// A watch of a part of a kind.
///
/// @param release gives its place on a connection back
record PartialWatch<S extends WatchStore>(KindWatch<S> watch, Runnable release)
        implements AutoCloseable {

    /// Why nothing can be read, for now or at all; null when it can.
    @Nullable String problem() {
        String unreadable = watch.unreadable();
        return unreadable != null ? unreadable : watch.broken();
    }

    @Override
    public void close() {
        watch.close();
        release.run();
    }
}
