package dev.sluice.forward;

import dev.sluice.engine.BackendRequest;
import dev.sluice.engine.Exchange;
import dev.sluice.http.ClientStream;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.net.ClientNetwork;
import dev.sluice.upstream.pool.EndpointPool;
import dev.sluice.upstream.pool.StreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// A request's stream to an endpoint, one at a time, and what passes it without a decision. It is
/// the superclass of what decides, and not a part of it, so that each request is one object.
abstract class BackendStream implements BackendRequest, ResponseEvents, StreamRequest {

    final Exchange exchange;
    final ResponseEvents receiver;
    final ReplayableBody body;
    private final boolean endsWithHead;
    private @Nullable String client;
    private @Nullable ClientStream stream;
    private boolean opening;
    private boolean reused;
    private boolean fresh;
    private boolean ended;

    /// @param endsWithHead whether the request has no body
    /// @param receiver where the response goes
    BackendStream(
            Exchange exchange, boolean endsWithHead, ResponseEvents receiver, ReplayableBody body) {
        this.exchange = exchange;
        this.endsWithHead = endsWithHead;
        this.receiver = receiver;
        this.body = body;
    }

    void open(EndpointPool endpoint) {
        opening = true;
        endpoint.open(exchange.client().eventLoop(), this);
        opening = false;
    }

    /// Whether the call that asks for a stream has not returned yet.
    boolean isOpening() {
        return opening;
    }

    boolean isOpen() {
        return stream != null;
    }

    /// Whether the connection of the stream had served before.
    boolean isReused() {
        return reused;
    }

    /// Whether the next stream needs a new connection.
    void fresh(boolean needed) {
        fresh = needed;
    }

    /// The stream is over, by the backend's side.
    void closed() {
        stream = null;
    }

    /// Gives the stream up; no event follows.
    void cancel() {
        ClientStream open = stream;
        stream = null;
        if (open != null) {
            open.cancel();
        }
    }

    /// Nothing more is passed on.
    void finish() {
        ended = true;
    }

    @Override
    public boolean isWritable() {
        return stream == null ? !body.isWaiting() : stream.isWritable();
    }

    @Override
    public void read(boolean wanted) {
        if (stream != null) {
            stream.read(wanted);
        }
    }

    // What the pool asks.

    @Override
    public RequestHead head() {
        return exchange.request();
    }

    @Override
    public boolean endsWithHead() {
        return endsWithHead;
    }

    @Override
    public boolean isFresh() {
        return fresh;
    }

    @Override
    public ResponseEvents events() {
        return this;
    }

    @Override
    public String client() {
        String known = client;
        if (known == null) {
            known = ClientNetwork.of(exchange.clientHost());
            client = known;
        }
        return known;
    }

    @Override
    public boolean isCancelled() {
        return ended;
    }

    @Override
    public String place() {
        return exchange.place();
    }

    @Override
    public void onUnexpectedError(Throwable error) {
        onClientAbort();
        exchange.onUnexpectedError(error);
    }

    @Override
    public void onOpen(ClientStream opened, boolean pooled) {
        stream = opened;
        reused = pooled;
        if (body.replay(opened)) {
            receiver.onBackendWritable();
        } else if (!opening && !endsWithHead) {
            // The client may wait for an answer to the head before it sends a body.
            opened.flush();
        }
    }

    // The request's body.

    @Override
    public void onRequestData(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
        } else {
            body.data(stream, data, end);
        }
    }

    @Override
    public void onRequestTrailers(HttpHeaders trailers) {
        if (!ended) {
            body.trailers(stream, trailers);
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
        // The receiver of the response resumes it by read(true).
    }

    // The response, as far as it is only passed on.

    @Override
    public void onInformational(ResponseHead head) {
        receiver.onInformational(head);
    }

    @Override
    public void onResponseReadComplete() {
        receiver.onResponseReadComplete();
    }

    @Override
    public void onBackendWritable() {
        receiver.onBackendWritable();
    }
}
