package dev.sluice.server;

import dev.sluice.barrier.Barrier;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.BadMessage;
import dev.sluice.http.Failure;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.ServerStream;
import dev.sluice.http.http2.Http2Fields;
import dev.sluice.http.http2.Http2StreamHandler;
import dev.sluice.net.Connection;
import dev.sluice.net.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/// One request of an HTTP/2 connection.
final class Http2ServerStream extends Http2StreamHandler implements ServerStream {

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int BAD_GATEWAY = 502;

    /// Bytes that a client has to take of what is ready for it, in each span of the time limit.
    private static final int LEAST_TAKEN = 1024;

    private final Http2ServerConnection owner;
    private final RequestHead head;
    private final @Nullable BadMessage refusal;
    private final boolean endsWithHead;
    private final boolean upgrade;
    private @Nullable RequestEvents events;
    private @Nullable Deadline deadline;
    private @Nullable Deadline stall;
    private boolean requestEnded;
    private boolean stalling;
    private long takenBefore;
    private long takenByAll;
    private boolean tunnel;
    private boolean ended;

    /// @param refusal why the head is refused, null when it is not
    /// @param end whether the request has no body
    Http2ServerStream(
            Http2ServerConnection owner,
            Http2Stream stream,
            RequestHead head,
            @Nullable BadMessage refusal,
            boolean end) {
        super(owner, stream, false);
        this.owner = owner;
        this.head = head;
        this.refusal = refusal;
        this.endsWithHead = end;
        this.requestEnded = end;
        this.upgrade = head.headers().contains(HttpHeaderNames.UPGRADE);
    }

    @Override
    protected void onBegin() {
        if (refusal != null) {
            owner.handler().refuse(this, refusal);
            return;
        }
        if (!endsWithHead && !upgrade) {
            deadline = new Deadline(eventLoop(), this, this::bodyTimedOut);
            deadline.in(owner.settings().bodyTimeout());
        }
        events = owner.handler().begin(this, head, endsWithHead || upgrade);
    }

    /// A request that is not understood to its end. The client is told by the reset.
    @Override
    protected void onBadMessage(BadMessage bad) {
        if (ended) {
            return;
        }
        ended = true;
        RequestEvents to = events;
        events = null;
        if (to == null) {
            owner.handler().refuse(this, bad); // nobody has seen it yet
        } else {
            to.onBadRequest(bad);
        }
    }

    @Override
    protected void timedOut() {
        reset(Http2Error.CANCEL);
        leave(); // the reset may wait for a client that reads nothing
    }

    /// A client that is not read cannot send.
    private void bodyTimedOut() {
        if (isWanted() || deadline == null) {
            timedOut();
        } else {
            deadline.in(owner.settings().bodyTimeout());
        }
    }

    // The request.

    @Override
    protected void onHeaders(Http2Headers headers, boolean end) throws Http2Exception {
        if (!end) {
            throw Http2Exception.streamError(
                    id(), Http2Error.PROTOCOL_ERROR, "a second head does not end the stream");
        }
        endOfRequest();
        if (events != null) {
            events.onRequestTrailers(Http2Fields.from(headers));
        }
    }

    @Override
    protected void onData(ByteBuf data, boolean end) {
        if (end) {
            endOfRequest();
        } else if (deadline != null) {
            deadline.in(owner.settings().bodyTimeout());
        }
        if (events == null || upgrade && !tunnel) {
            data.release();
        } else {
            events.onRequestData(data, end);
        }
    }

    private void endOfRequest() {
        requestEnded = true;
        if (deadline != null) {
            deadline.cancel();
        }
    }

    @Override
    protected void onReadComplete() {
        if (events != null) {
            events.onRequestReadComplete();
        }
    }

    /// Limits how long bytes may be ready for a client that takes hardly any. It does not run while
    /// all was taken: a stream that has nothing to say may have a window of nothing.
    ///
    /// @param waited whether bytes were ready before those that were written now
    private void watch(boolean waited) {
        if (isWritable() || stalling && waited) {
            return;
        }
        if (stall == null) {
            stall = new Deadline(eventLoop(), this, this::stalled);
        }
        stalling = true;
        look(stall);
    }

    private void look(Deadline next) {
        takenBefore = taken();
        takenByAll = owner.taken();
        next.in(owner.settings().writeTimeout());
    }

    private void stalled() {
        if (stall != null
                && (taken() - takenBefore >= LEAST_TAKEN || isWaiting() && othersGoOn())) {
            look(stall);
        } else if (isWaiting()) {
            timedOut();
        } else {
            // All was taken, and the window is shut: what the backend has is not known.
            stalling = false;
            if (events != null) {
                events.onClientWritable();
            }
        }
    }

    /// A stream may wait for the others of its connection while the client takes their bytes.
    private boolean othersGoOn() {
        long fair = (long) LEAST_TAKEN * owner.connection().numActiveStreams();
        return window() > 0 && owner.taken() - takenByAll >= fair;
    }

    @Override
    protected void onWritable() {
        if (stall != null) {
            stall.none();
            stalling = false;
        }
        if (events != null) {
            events.onClientWritable();
        }
    }

    @Override
    protected void onClosed() {
        super.onClosed();
        if (deadline != null) {
            deadline.cancel();
        }
        if (stall != null) {
            stall.cancel();
        }
        leave();
    }

    private void leave() {
        ended = true;
        RequestEvents to = events;
        events = null;
        if (to != null) {
            to.onClientAbort();
        }
    }

    // The response.

    @Override
    public EventLoop eventLoop() {
        return owner.eventLoop();
    }

    @Override
    public String protocol() {
        return Http2ServerConnection.PROTOCOL;
    }

    @Override
    public Connection connection() {
        return owner.client();
    }

    @Override
    public void informational(ResponseHead head) {
        if (!ended) {
            head.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
            writeHeaders(Http2Fields.of(head), false);
        }
    }

    @Override
    public void head(ResponseHead head, boolean end) {
        if (ended) {
            return;
        }
        HttpHeaders fields = head.headers();
        if (head.status() == SWITCHING_PROTOCOLS) {
            // RFC 8441 5: the tunnel is opened by a 2xx, and the handshake's key has no part in it.
            tunnel = true;
            fields.remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
            writeHeaders(Http2Fields.of(new ResponseHead(200, fields)), false);
            flush();
            return;
        }
        if (upgrade && head.status() / 100 == 2) {
            // RFC 8441 5: to the client it would open a tunnel, of which the backend knows nothing.
            LocalReply no = LocalReply.text(BAD_GATEWAY, "the backend did not change the protocol");
            writeHeaders(Http2Fields.of(no.head()), false);
            finish(writeData(no.body(), true));
            return;
        }
        if (head.status() == 204) {
            fields.remove(HttpHeaderNames.CONTENT_LENGTH); // RFC 9110 8.6
        }
        boolean bodiless =
                end
                        || head.status() == 204
                        || head.status() == 304
                        || this.head.method().equals("HEAD");
        ChannelFuture written = writeHeaders(Http2Fields.of(head), bodiless);
        if (bodiless) {
            finish(written);
        }
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
            return;
        }
        boolean waited = isWaiting();
        ChannelFuture written = writeData(data, end);
        if (end) {
            finish(written);
        }
        watch(waited);
    }

    @Override
    public void trailers(HttpHeaders trailers) {
        if (!ended) {
            finish(
                    trailers.isEmpty()
                            ? writeData(Unpooled.EMPTY_BUFFER, true)
                            : writeHeaders(Http2Fields.section(trailers), true));
        }
    }

    /// A client that is still sending is asked to stop once it has the whole answer (RFC 9113 8.1).
    private void finish(ChannelFuture written) {
        ended = true;
        flush();
        if (!requestEnded) {
            Barrier.whenDone(
                    written,
                    this,
                    _ -> {
                        if (!requestEnded) {
                            reset(Http2Error.NO_ERROR);
                        }
                    });
        }
    }

    @Override
    public void abort(Failure cause) {
        if (!ended) {
            ended = true;
            reset(cause == Failure.CANCELLED ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR);
        }
    }
}
