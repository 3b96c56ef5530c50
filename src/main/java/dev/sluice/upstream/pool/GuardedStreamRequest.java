package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// The barrier between a backend's connections and the request that uses them: an error of what
/// takes the response ends the request, never the connection's other streams, and never keeps a
/// place in the pool.
public final class GuardedStreamRequest implements StreamRequest, ResponseEvents {

    private final StreamRequest request;
    private final ResponseEvents events;

    public GuardedStreamRequest(StreamRequest request) {
        this.request = request;
        this.events = request.events();
    }

    @Override
    public RequestHead head() {
        return request.head();
    }

    @Override
    public boolean endsWithHead() {
        return request.endsWithHead();
    }

    @Override
    public boolean isFresh() {
        return request.isFresh();
    }

    @Override
    public @Nullable String client() {
        return request.client();
    }

    @Override
    public boolean isCancelled() {
        return request.isCancelled();
    }

    @Override
    public ResponseEvents events() {
        return this;
    }

    @Override
    public String place() {
        return request.place();
    }

    @Override
    public void onUnexpectedError(Throwable error) {
        request.onUnexpectedError(error);
    }

    @Override
    public void onOpen(ClientStream stream, boolean reused) {
        try {
            request.onOpen(stream, reused);
        } catch (Throwable error) {
            stream.cancel(); // the request may not have come to know it
            Barrier.failed(request, error);
        }
    }

    @Override
    public void onRefused(Failure failure) {
        try {
            request.onRefused(failure);
        } catch (Throwable error) {
            Barrier.failed(request, error);
        }
    }

    @Override
    public void onInformational(ResponseHead head) {
        try {
            events.onInformational(head);
        } catch (Throwable error) {
            Barrier.failed(request, error);
        }
    }

    @Override
    public void onResponseHead(ResponseHead head, boolean end) {
        try {
            events.onResponseHead(head, end);
        } catch (Throwable error) {
            Barrier.failed(request, error);
        }
    }

    @Override
    public void onResponseData(ByteBuf data, boolean end) {
        try {
            events.onResponseData(data, end);
        } catch (Throwable error) {
            Barrier.failed(request, error);
        }
    }

    @Override
    public void onResponseTrailers(HttpHeaders trailers) {
        try {
            events.onResponseTrailers(trailers);
        } catch (Throwable error) {
            Barrier.failed(request, error);
        }
    }

    @Override
    public void onResponseReadComplete() {
        try {
            events.onResponseReadComplete();
        } catch (Throwable error) {
            Barrier.failed(request, error);
        }
    }

    @Override
    public void onBackendWritable() {
        try {
            events.onBackendWritable();
        } catch (Throwable error) {
            Barrier.failed(request, error);
        }
    }

    @Override
    public void onResponseFailure(Failure failure) {
        try {
            events.onResponseFailure(failure);
        } catch (Throwable error) {
            Barrier.failed(request, error);
        }
    }
}
