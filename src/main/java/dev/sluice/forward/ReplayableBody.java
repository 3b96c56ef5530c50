package dev.sluice.forward;

import dev.sluice.engine.BodyQueue;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.ir.Retry;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// The body of one request on its way to a backend: what comes before there is a connection waits,
/// and what another try would need is kept.
final class ReplayableBody {

    private final @Nullable RequestRetries requestRetries;
    private @Nullable BodyQueue waiting;

    ReplayableBody(@Nullable Retry retry) {
        this.requestRetries = retry == null ? null : new RequestRetries(retry);
    }

    /// @param to null when there is no connection yet
    void data(@Nullable ClientStream to, ByteBuf data, boolean end) {
        if (requestRetries != null) {
            requestRetries.keep(data, end);
        }
        if (to == null) {
            queue().data(data, end);
        } else {
            to.data(data, end);
        }
    }

    /// @param to null when there is no connection yet
    void trailers(@Nullable ClientStream to, HttpHeaders trailers) {
        if (requestRetries != null) {
            requestRetries.keep(trailers);
        }
        if (to == null) {
            queue().trailers(trailers);
        } else {
            to.trailers(trailers);
        }
    }

    private BodyQueue queue() {
        if (waiting == null) {
            waiting = new BodyQueue();
        }
        return waiting;
    }

    /// Whether a part waits for a connection.
    boolean isWaiting() {
        return waiting != null;
    }

    /// Sends what has waited.
    ///
    /// @return whether anything had
    boolean replay(ClientStream to) {
        BodyQueue queue = waiting;
        waiting = null;
        if (queue == null) {
            return false;
        }
        queue.replay(to);
        return true;
    }

    /// Whether the rule wants another try after a response with that status, and one is possible.
    boolean mayRetry(int status) {
        return requestRetries != null && requestRetries.wants(status);
    }

    /// Whether the rule wants another try after a failure before any answer, and one is possible.
    boolean mayRetry(Failure failure) {
        return requestRetries != null && requestRetries.wants(failure);
    }

    /// Takes another try: the body so far waits for its connection.
    ///
    /// @return nanoseconds of the back-off
    long retry() {
        if (requestRetries == null) {
            throw new IllegalStateException("the rule has no retries");
        }
        drop();
        waiting = requestRetries.replay();
        return requestRetries.next();
    }

    private void drop() {
        if (waiting != null) {
            waiting.release();
            waiting = null;
        }
    }

    /// Nothing will be sent any more.
    void release() {
        if (requestRetries != null) {
            requestRetries.release();
        }
        drop();
    }
}
