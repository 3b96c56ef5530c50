package dev.sluice.filter;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.FilterOrder;
import dev.sluice.engine.Stage;
import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpHeaders;

/// `ResponseHeaderModifier`.
record ResponseHeadersStage(HeaderChange change) implements Stage {

    @Override
    public FilterOrder order() {
        return FilterOrder.RESPONSE_HEADERS;
    }

    @Override
    public void response(Exchange exchange, ResponseHead head) {
        change.apply(head.headers());
    }

    @Override
    public void responseTrailers(Exchange exchange, HttpHeaders trailers) {
        change.applyToTrailers(trailers);
    }
}
