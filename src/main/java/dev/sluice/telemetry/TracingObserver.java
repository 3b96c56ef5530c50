package dev.sluice.telemetry;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Observer;
import dev.sluice.engine.Telemetry;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.observe.RequestSpan;

/// A span for each request.
///
/// @param spans makes them
public record TracingObserver(RequestSpans spans) implements Observer {

    @Override
    public void began(Exchange exchange) {
        RequestHead request = exchange.request();
        Telemetry of = exchange.telemetry();
        RequestSpan span =
                spans.begin(
                        request.headers(),
                        new RequestSpans.Start(
                                request.method(),
                                request.scheme(),
                                exchange.host(),
                                request.path(),
                                exchange.clientHost()),
                        of.sampling());
        of.describe(exchange, span);
        exchange.span(span);
    }

    @Override
    public void ended(Exchange exchange, int status) {
        RequestSpan span = exchange.span();
        if (span == null) {
            return;
        }
        String method = exchange.request().method();
        Failure failure = exchange.failure();
        span.end(
                exchange.isRouted() ? method + " " + exchange.match().path().value() : method,
                exchange.isRouted() ? exchange.ruleId() : null,
                status,
                failure == null ? null : failure.name());
    }
}
