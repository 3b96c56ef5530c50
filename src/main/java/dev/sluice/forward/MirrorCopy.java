package dev.sluice.forward;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.BodyQueue;
import dev.sluice.engine.Exchange;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.upstream.pool.EndpointPool;
import dev.sluice.upstream.pool.StreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A copy of a request on its way to a mirror. Nothing of it is seen by the client: its response is
/// thrown away, and a mirror that is slower than the backend loses its copy rather than slow the
/// client down.
final class MirrorCopy implements RequestEvents, ResponseEvents, StreamRequest {

    /// Bytes of a body that may wait for the mirror.
    private static final int MAX_WAITING = 1 << 20;

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final RequestHead head;
    private final boolean endsWithHead;
    private final BodyQueue early = new BodyQueue();
    private final ScheduledFuture<?> timer;
    private @Nullable ClientStream stream;
    private long waiting;
    private boolean requestEnded;
    private boolean ended;

    private MirrorCopy(Exchange exchange, boolean endsWithHead) {
        this.head = exchange.request().copy();
        this.endsWithHead = endsWithHead;
        this.requestEnded = endsWithHead;
        this.timer =
                Barrier.schedule(
                        exchange.client().eventLoop(), this, this::onClientAbort, TIMEOUT_NANOS);
    }

    /// Sends the head of the request as it is now; null when the mirror has no endpoint.
    static @Nullable MirrorCopy start(
            MirrorTarget mirrorTarget, Exchange exchange, boolean endsWithHead) {
        EndpointPool endpoint = mirrorTarget.backend().pick(null, exchange);
        if (endpoint == null) {
            return null;
        }
        MirrorCopy copy = new MirrorCopy(exchange, endsWithHead);
        endpoint.open(exchange.client().eventLoop(), copy);
        return copy;
    }

    private void end() {
        ended = true;
        timer.cancel(false);
        early.release();
    }

    // The request.

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public boolean endsWithHead() {
        return endsWithHead;
    }

    @Override
    public boolean isFresh() {
        return false;
    }

    @Override
    public ResponseEvents events() {
        return this;
    }

    @Override
    public boolean isCancelled() {
        return ended;
    }

    @Override
    public String place() {
        return "mirror";
    }

    /// Gives the copy up; the request itself goes on.
    @Override
    public void onUnexpectedError(Throwable error) {
        onClientAbort();
    }

    @Override
    public void onOpen(ClientStream opened, boolean reused) {
        stream = opened;
        early.replay(this);
        waiting = 0;
    }

    @Override
    public void onRefused(Failure failure) {
        end();
    }

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
            return;
        }
        requestEnded = end;
        waiting += data.readableBytes();
        if (stream == null) {
            early.data(data, end);
        } else {
            if (stream.isWritable()) {
                waiting = 0;
            }
            stream.data(data, end);
        }
        if (waiting > MAX_WAITING) {
            onClientAbort();
        }
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        if (ended) {
            return;
        }
        requestEnded = true;
        if (stream == null) {
            early.trailers(trailers);
        } else {
            stream.trailers(trailers);
        }
    }

    @Override
    public void onRequestReadComplete() {
        if (stream != null) {
            stream.flush();
        }
    }

    @Override
    public void onClientWritable() {
        // The client gets nothing of this.
    }

    /// The request was answered; nothing more of it will come. A copy that is whole may be
    /// answered, too.
    void onAnswered() {
        if (!requestEnded) {
            onClientAbort();
        }
    }

    @Override
    public void onClientAbort() {
        if (!ended) {
            end();
            if (stream != null) {
                stream.cancel();
            }
        }
    }

    // The response.

    @Override
    public void onInformational(ResponseHead interim) {
        // Thrown away.
    }

    @Override
    public void onResponseHead(ResponseHead response, boolean end) {
        if (end) {
            end();
        }
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        data.release();
        if (end) {
            end();
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        end();
    }

    @Override
    public void onResponseReadComplete() {
        // Nothing is passed on.
    }

    @Override
    public void onBackendWritable() {
        waiting = 0;
    }

    @Override
    public void onResponseFailure(Failure failure) {
        end();
    }
}
