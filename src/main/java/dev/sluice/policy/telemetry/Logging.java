package dev.sluice.policy.telemetry;

import dev.sluice.ir.PolicySection;
import dev.sluice.observe.AccessField;
import dev.sluice.observe.AccessSink;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Section `accessLog`.
///
/// @param when which requests get a line, a condition in CEL that compiles; null for all
/// @param fields of a line, null for those of the settings
/// @param sinks where it goes, at least one
public record Logging(
        @Nullable String when, @Nullable List<AccessField> fields, Set<AccessSink> sinks)
        implements PolicySection {

    public Logging {
        sinks = Collections.unmodifiableSet(EnumSet.copyOf(sinks));
    }

    @Override
    public String text() {
        String to = sinks.stream().map(AccessSink::label).collect(Collectors.joining(" and "));
        return "to " + to + (when == null ? "" : " when " + when);
    }

    @Override
    public boolean restricts() {
        return false;
    }
}
