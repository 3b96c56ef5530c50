package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.Stage;
import io.netty.handler.codec.http.HttpHeaders;

/// `RequestHeaderModifier`.
record RequestHeadersStage(HeaderChange change) implements Stage {

    @Override
    public FilterOrder order() {
        return FilterOrder.REQUEST_HEADERS;
    }

    @Override
    public StageResult request(Exchange exchange) {
        change.apply(exchange.request().headers());
        return StageResult.NEXT;
    }

    @Override
    public void requestTrailers(Exchange exchange, HttpHeaders trailers) {
        change.applyToTrailers(trailers);
    }
}
