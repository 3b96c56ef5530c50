package dev.sluice.telemetry;

import dev.sluice.observe.AccessField;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Makes each request a log record of OpenTelemetry. The body is the line that the access log would
/// have as text, and the attributes are its fields. Sent by an exporter, which drops what it cannot
/// send in time.
public final class AccessRecords {

    private static final String EVENT = "sluice.access";
    private static final double NANOS = 1_000_000;

    private final Logger logger;
    private volatile List<AccessField> fields;

    /// @param fields where a policy names none
    public AccessRecords(Logger logger, List<AccessField> fields) {
        this.logger = logger;
        this.fields = List.copyOf(fields);
    }

    /// Entries from now on have these where a policy names none.
    public void fields(List<AccessField> next) {
        fields = List.copyOf(next);
    }

    /// Takes an entry; never waits.
    public void add(AccessEntry entry) {
        List<AccessField> named = entry.fields();
        List<AccessField> all = named == null ? fields : named;
        LogText line = new LogText();
        AccessFormat.TEXT.write(line, all, entry);
        LogRecordBuilder record =
                logger.logRecordBuilder()
                        .setEventName(EVENT)
                        .setSeverity(Severity.INFO)
                        .setTimestamp(entry.time(), TimeUnit.MILLISECONDS)
                        .setContext(context(entry))
                        .setBody(line.toString());
        for (AccessField field : all) {
            AccessValue value = AccessValue.of(field);
            if (value.isAbsent(entry)) {
                continue;
            }
            switch (value) {
                case AccessValue.Text(var of) ->
                        record.setAttribute(field.label(), Objects.requireNonNull(of.apply(entry)));
                case AccessValue.Count(var of) ->
                        record.setAttribute(field.label(), of.applyAsLong(entry));
                case AccessValue.Millis(var of) ->
                        record.setAttribute(field.label(), of.applyAsLong(entry) / NANOS);
                case AccessValue.Time _ -> {} // the record's own
            }
        }
        record.emit();
    }

    private static Context context(AccessEntry entry) {
        SpanContext span = entry.span();
        return span == null ? Context.root() : Context.root().with(Span.wrap(span));
    }
}
