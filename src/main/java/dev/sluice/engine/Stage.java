package dev.sluice.engine;

import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpHeaders;

/// A filter or policy of a rule, compiled once and shared by all requests: it holds no state of a
/// request.
public interface Stage {

    /// What becomes of the request.
    enum StageResult {
        /// It goes on to the next stage.
        NEXT,
        /// The stage has answered by [Exchange#answer].
        ANSWERED,
        /// The stage will call [Exchange#resume] or [Exchange#answer] later, on the event loop.
        DEFERRED
    }

    FilterOrder order();

    /// Sees the request on its way to the backend.
    default StageResult request(Exchange exchange) {
        return StageResult.NEXT;
    }

    /// Sees the trailers of the request on their way to the backend.
    default void requestTrailers(Exchange exchange, HttpHeaders trailers) {}

    /// Sees the trailers of the response on their way to the client.
    default void responseTrailers(Exchange exchange, HttpHeaders trailers) {}

    /// Sees the head of the response on its way to the client, whether a backend or the gateway
    /// made it.
    default void response(Exchange exchange, ResponseHead head) {}
}
