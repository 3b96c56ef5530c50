package dev.sluice.app.settings;

import dev.sluice.observe.AccessField;
import dev.sluice.telemetry.AccessFormat;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// A line for each request.
///
/// @param enabled whether it is written
/// @param format of a line
/// @param fields in their order
/// @param file where to, appended; the standard output when it is not given
/// @param buffer lines that may wait to be written; more are dropped and counted
public record AccessLogProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("json") AccessFormat format,
        @DefaultValue({
                    "time",
                    "client",
                    "method",
                    "host",
                    "target",
                    "protocol",
                    "status",
                    "duration",
                    "request-bytes",
                    "response-bytes",
                    "rule",
                    "endpoint",
                    "tries",
                    "failure",
                    "user-agent",
                    "trace-id"
                })
                List<AccessField> fields,
        @Nullable Path file,
        @DefaultValue("65536") int buffer) {
    public AccessLogProperties {
        fields = List.copyOf(fields);
        if (fields.isEmpty()) {
            throw new IllegalArgumentException(
                    "sluice.access-log.fields must name at least one field, was empty");
        }
        Bounds.check("sluice.access-log.buffer", buffer, 1, 10_000_000);
    }

    /// As the log takes them.
    public dev.sluice.telemetry.AccessLog.AccessLogSettings settings() {
        return new dev.sluice.telemetry.AccessLog.AccessLogSettings(format, fields, buffer);
    }
}
