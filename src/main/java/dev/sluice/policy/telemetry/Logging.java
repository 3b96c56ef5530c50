package dev.sluice.policy.telemetry;

import dev.sluice.ir.PolicySection;
import dev.sluice.observe.AccessField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Section `accessLog`.
///
/// @param when which requests get a line, a condition in CEL that compiles; null for all
/// @param fields of a line, null for those of the settings
public record Logging(@Nullable String when, @Nullable List<AccessField> fields)
        implements PolicySection {

    @Override
    public String text() {
        return when == null ? "" : "when " + when;
    }
}
