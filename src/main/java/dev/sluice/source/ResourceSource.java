package dev.sluice.source;

import dev.sluice.resource.Resources;
import java.time.Instant;
import java.util.function.Consumer;

/// Watches resources.
public interface ResourceSource extends AutoCloseable {

    /// Reads everything, then tells of each change. The first snapshot is handed over before this
    /// method returns, unless what has to be read cannot be for a while; others come on a thread of
    /// the source.
    void start(Consumer<Resources> listener);

    /// When the thread on which it tells of changes was last seen at work. It gives a sign of life
    /// every second or more often, whether there are changes or not.
    Instant lastTurn();

    @Override
    void close();
}
