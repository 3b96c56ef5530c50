package dev.sluice.source;

import dev.sluice.finding.Finding;
import dev.sluice.finding.Place;
import dev.sluice.resource.ObjectRef;
import dev.sluice.resource.Resources;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Watches resources.
public interface ResourceSource extends AutoCloseable {

    /// Reads everything, then reports each change. The first snapshot is handed over before this
    /// method returns, unless what has to be read cannot be for a while; others come on a thread of
    /// the source.
    void start(Consumer<Resources> listener);

    /// Has the newest snapshot reported once more, on the thread of the others: what comes of it
    /// rests on something else that has changed. Any thread may call it.
    void refresh();

    /// When the thread on which it reports changes was last seen at work. It gives a sign of life
    /// every second or more often, whether there are changes or not.
    Instant lastTurn();

    /// What is wrong with what was read, and so does not stand in the newest snapshot as it was
    /// written. It is logged already.
    default List<Finding> findings() {
        return List.of();
    }

    /// Where a field of an object of the newest snapshot stands; null where objects have no place.
    ///
    /// @param field such as `spec.hostnames[0]`; empty for the object as a whole
    default @Nullable Place place(ObjectRef object, String field) {
        return null;
    }

    @Override
    void close();
}
