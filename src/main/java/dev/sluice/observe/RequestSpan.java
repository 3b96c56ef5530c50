package dev.sluice.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/// The span of one request.
public final class RequestSpan {

    private static final int SERVER_ERROR = 500;

    private final Span span;

    public RequestSpan(Span span) {
        this.span = span;
    }

    /// Its ids.
    public SpanContext context() {
        return span.getSpanContext();
    }

    /// Adds to it.
    public void attribute(String name, String value) {
        span.setAttribute(name, value);
    }

    /// Ends it.
    ///
    /// @param name method and route, of few different values
    /// @param rule the id of the rule, null when none took the request
    /// @param status what the client got
    /// @param error why there was no whole answer, null when there was
    public void end(String name, @Nullable String rule, int status, @Nullable String error) {
        if (span.isRecording()) {
            span.updateName(name);
            span.setAttribute("http.response.status_code", status);
            if (rule != null) {
                span.setAttribute("sluice.rule", rule);
            }
            if (error != null || status >= SERVER_ERROR) {
                span.setStatus(StatusCode.ERROR, error == null ? "" : error);
                span.setAttribute("error.type", error == null ? Integer.toString(status) : error);
            }
        }
        span.end();
    }
}
