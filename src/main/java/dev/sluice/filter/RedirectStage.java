package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.LocalReply;
import dev.sluice.engine.Stage;
import dev.sluice.http.Authority;
import dev.sluice.http.RequestHead;
import dev.sluice.ir.HttpFilter;
import io.netty.handler.codec.http.HttpHeaderNames;

/// `RequestRedirect`.
record RedirectStage(HttpFilter.Redirect spec) implements Stage {

    @Override
    public FilterOrder order() {
        return FilterOrder.REDIRECT;
    }

    @Override
    public StageResult request(Exchange exchange) {
        LocalReply localReply = LocalReply.empty(spec.status());
        localReply.head().headers().set(HttpHeaderNames.LOCATION, location(exchange));
        exchange.answer(localReply);
        return StageResult.ANSWERED;
    }

    private String location(Exchange exchange) {
        RequestHead request = exchange.request();
        String scheme = spec.scheme() != null ? spec.scheme() : exchange.clientScheme();
        String host =
                spec.hostname() != null ? spec.hostname() : Authority.host(request.authority());
        if (spec.path() != null) {
            request.path(PathChange.apply(spec.path(), exchange));
        }
        return scheme + "://" + host + port(scheme, exchange) + request.target();
    }

    /// HTTPRequestRedirectFilter.port: the given port; else, with a scheme, its well-known port;
    /// else the client's. The well-known port of the scheme is not shown.
    private String port(String scheme, Exchange exchange) {
        int known = scheme.equals("https") ? 443 : 80;
        int port =
                spec.port() != null
                        ? spec.port()
                        : spec.scheme() != null ? known : exchange.clientPort();
        return port == known ? "" : ":" + port;
    }
}
