package dev.sluice.source;

import dev.sluice.resource.Resources;
import java.util.function.Consumer;

/// Watches resources.
public interface ResourceSource extends AutoCloseable {

    /// Reads everything, then tells of each change. The first snapshot is handed over before this
    /// method returns; later ones come on a thread of the source.
    void start(Consumer<Resources> listener);

    @Override
    void close();
}
