package dev.sluice.telemetry;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Observer;
import dev.sluice.engine.Telemetry;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.net.FailedConnection;
import dev.sluice.observe.AccessSink;
import dev.sluice.observe.RequestSpan;
import dev.sluice.upstream.pool.EndpointPool;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.function.Consumer;

/// Hands each request, and each connection that fails, to the access log. Lines of connections have
/// no rule, and so go where no policy says otherwise.
///
/// @param sink that it is
/// @param log writes it, elsewhere
public record AccessLogObserver(AccessSink sink, Consumer<AccessEntry> log) implements Observer {

    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

    @Override
    public void ended(Exchange exchange, int status) {
        Telemetry of = exchange.telemetry();
        if (!of.sinks().contains(sink) || !of.isLogged(exchange, status)) {
            return;
        }
        RequestHead request = exchange.request();
        Failure failure = exchange.failure();
        EndpointPool endpoint = exchange.endpoint();
        RequestSpan span = exchange.span();
        log.accept(
                new AccessEntry(
                        System.currentTimeMillis(),
                        exchange.elapsed(),
                        exchange.clientHost(),
                        request.method(),
                        request.scheme(),
                        exchange.host(),
                        exchange.target(),
                        exchange.client().protocol(),
                        status,
                        exchange.requestBytes(),
                        exchange.responseBytes(),
                        exchange.isRouted() ? exchange.ruleId() : null,
                        endpoint == null ? null : endpoint.address(),
                        exchange.tries(),
                        failure == null ? null : failure.reason(),
                        request.headers().get(HttpHeaderNames.USER_AGENT),
                        request.headers().get(HttpHeaderNames.REFERER),
                        request.headers().get(REQUEST_ID),
                        span != null ? span.context() : null,
                        of.fields()));
    }

    @Override
    public void failed(FailedConnection connection) {
        if (Telemetry.NONE.sinks().contains(sink)) {
            log.accept(AccessEntry.of(System.currentTimeMillis(), connection));
        }
    }
}
