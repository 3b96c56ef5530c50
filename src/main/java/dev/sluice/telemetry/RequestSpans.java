package dev.sluice.telemetry;

import dev.sluice.observe.RequestSpan;
import dev.sluice.observe.Sampling;
import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Begins a span for each request, as a child of the one that the client names in `traceparent`
/// (W3C Trace Context), and passes it to the backend in the same field.
public final class RequestSpans {

    private static final TextMapGetter<HttpHeaders> GETTER =
            new TextMapGetter<>() {
                @Override
                public Iterable<String> keys(HttpHeaders headers) {
                    return headers.names();
                }

                @Override
                public @Nullable String get(@Nullable HttpHeaders headers, String name) {
                    return headers == null ? null : headers.get(name);
                }
            };

    private static final TextMapSetter<HttpHeaders> SETTER =
            (headers, name, value) -> Objects.requireNonNull(headers).set(name, value);

    private final Tracer tracer;

    public RequestSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /// What is known of a request at its begin.
    ///
    /// @param method of HTTP
    /// @param scheme of HTTP
    /// @param host without port
    /// @param path without query: that may hold secrets
    /// @param client address
    public record Start(String method, String scheme, String host, String path, String client) {}

    /// Begins a span, and sets the trace context that goes to the backend.
    ///
    /// @param sampling whether it is exported, null for what the settings say
    public RequestSpan begin(HttpHeaders headers, Start start, @Nullable Sampling sampling) {
        W3CTraceContextPropagator w3c = W3CTraceContextPropagator.getInstance();
        Context root =
                sampling == null ? Context.root() : Context.root().with(Sampling.KEY, sampling);
        Context parent = w3c.extract(root, headers, GETTER);
        SpanBuilder builder =
                tracer.spanBuilder(start.method())
                        .setParent(parent)
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute("http.request.method", start.method())
                        .setAttribute("url.scheme", start.scheme())
                        .setAttribute("server.address", start.host())
                        .setAttribute("url.path", start.path())
                        .setAttribute("client.address", start.client());
        var span = builder.startSpan();
        w3c.inject(parent.with(span), headers, SETTER);
        return new RequestSpan(span);
    }
}
