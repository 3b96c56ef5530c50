package dev.sluice.telemetry;

import dev.sluice.observe.AccessField;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What a field of the access log is, and where an entry has it.
sealed interface AccessValue {

    Map<AccessField, AccessValue> ALL = all();

    /// Null when it is absent.
    record Text(Function<AccessEntry, @Nullable String> of) implements AccessValue {}

    /// [AccessEntry#NONE] when it is absent.
    record Count(ToLongFunction<AccessEntry> of) implements AccessValue {}

    /// Milliseconds since 1970.
    record Time(ToLongFunction<AccessEntry> of) implements AccessValue {}

    /// A duration in nanoseconds, written in milliseconds; [AccessEntry#NONE] when it is absent.
    record Millis(ToLongFunction<AccessEntry> of) implements AccessValue {}

    /// Whether an entry does not have it.
    default boolean isAbsent(AccessEntry entry) {
        return switch (this) {
            case Text(var of) -> of.apply(entry) == null;
            case Count(var of) -> of.applyAsLong(entry) < 0;
            case Millis(var of) -> of.applyAsLong(entry) < 0;
            case Time _ -> false;
        };
    }

    static AccessValue of(AccessField field) {
        return Objects.requireNonNull(ALL.get(field));
    }

    private static Map<AccessField, AccessValue> all() {
        Map<AccessField, AccessValue> all = new EnumMap<>(AccessField.class);
        for (AccessField field : AccessField.values()) {
            all.put(field, make(field));
        }
        return all;
    }

    private static AccessValue make(AccessField field) {
        return switch (field) {
            case TIME -> new Time(AccessEntry::time);
            case CLIENT -> new Text(AccessEntry::client);
            case METHOD -> new Text(AccessEntry::method);
            case SCHEME -> new Text(AccessEntry::scheme);
            case HOST -> new Text(AccessEntry::host);
            case TARGET -> new Text(AccessEntry::target);
            case PROTOCOL -> new Text(AccessEntry::protocol);
            case STATUS -> new Count(AccessEntry::status);
            case DURATION -> new Millis(AccessEntry::nanos);
            case REQUEST_BYTES -> new Count(AccessEntry::requestBytes);
            case RESPONSE_BYTES -> new Count(AccessEntry::responseBytes);
            case RULE -> new Text(AccessEntry::rule);
            case ENDPOINT -> new Text(AccessEntry::endpoint);
            case TRIES -> new Count(AccessEntry::tries);
            case FAILURE -> new Text(AccessEntry::failure);
            case USER_AGENT -> new Text(AccessEntry::userAgent);
            case REFERER -> new Text(AccessEntry::referer);
            case REQUEST_ID -> new Text(AccessEntry::requestId);
            case TRACE_ID -> new Text(AccessEntry::traceId);
        };
    }
}
