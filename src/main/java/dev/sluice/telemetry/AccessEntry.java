package dev.sluice.telemetry;

import dev.sluice.net.FailedConnection;
import dev.sluice.observe.AccessField;
import io.opentelemetry.api.trace.SpanContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the access log knows of a request, or of a connection that failed, as values that are not
/// changed any more: it is made into text on another thread.
///
/// @param time of its end, milliseconds since 1970
/// @param nanos from its head to its end
/// @param client address, as trusted proxies report it
/// @param method null of a connection, and so are `scheme` and `target`
/// @param host null where it is not known
/// @param target as the client sent it
/// @param status what the client got, 499 when it left; [#NONE] of a connection, and so are the
///   other numbers
/// @param rule its id, null when none took it
/// @param endpoint address and port of the last that was tried
/// @param tries connections asked for
/// @param failure why there was no whole answer
/// @param span of the request, null where spans are not exported
/// @param fields that its line has, null for those of the settings
public record AccessEntry(
        long time,
        long nanos,
        String client,
        @Nullable String method,
        @Nullable String scheme,
        @Nullable String host,
        @Nullable String target,
        String protocol,
        int status,
        long requestBytes,
        long responseBytes,
        @Nullable String rule,
        @Nullable String endpoint,
        int tries,
        @Nullable String failure,
        @Nullable String userAgent,
        @Nullable String referer,
        @Nullable String requestId,
        @Nullable SpanContext span,
        @Nullable List<AccessField> fields) {

    /// A number that is absent.
    static final int NONE = -1;

    /// @param time of its end, milliseconds since 1970
    static AccessEntry of(long time, FailedConnection connection) {
        return new AccessEntry(
                time,
                NONE,
                connection.client(),
                null,
                null,
                connection.serverName(),
                null,
                connection.reason().protocol(),
                NONE,
                NONE,
                NONE,
                null,
                null,
                NONE,
                connection.reason().reason(),
                null,
                null,
                null,
                null,
                null);
    }

    /// 32 hexadecimal digits.
    @Nullable String traceId() {
        return span == null ? null : span.getTraceId();
    }
}
