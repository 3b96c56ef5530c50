package dev.sluice.engine;

import dev.sluice.observe.AccessField;
import dev.sluice.observe.AccessSink;
import dev.sluice.observe.RequestSpan;
import dev.sluice.observe.Sampling;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is reported of the requests of a rule, where policies say more than the settings do. Called
/// on event loops.
public interface Telemetry {

    /// As the settings say.
    Telemetry NONE = new Telemetry() {};

    /// Lines only.
    Set<AccessSink> STDOUT = Set.of(AccessSink.STDOUT);

    /// Whether the access log gets a line of a request that is over.
    ///
    /// @param status what the client got
    default boolean isLogged(Exchange exchange, int status) {
        return true;
    }

    /// Where that line goes.
    default Set<AccessSink> sinks() {
        return STDOUT;
    }

    /// The fields of that line, null for those of the settings.
    default @Nullable List<AccessField> fields() {
        return null;
    }

    /// Which requests get a span that is exported, null for those of the settings.
    default @Nullable Sampling sampling() {
        return null;
    }

    /// Adds to a span that was begun.
    default void describe(Exchange exchange, RequestSpan span) {}

    /// Counts a request that is over.
    default void count(Exchange exchange) {}
}
