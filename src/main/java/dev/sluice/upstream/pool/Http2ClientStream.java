package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.HopByHop;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.http2.Http2Fields;
import dev.sluice.http.http2.Http2StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/// One request on an HTTP/2 connection to a backend.
final class Http2ClientStream extends Http2StreamHandler implements ClientStream {

    private static final int STATUS_DIGITS = 3;

    private final Http2ClientConnection owner;
    private final StreamRequest request;
    private final ResponseEvents events;
    private final InterimBudget interims = new InterimBudget();
    private boolean answered;
    private boolean requestEnded;
    private boolean finished;
    private long reset = Http2Error.NO_ERROR.code();

    Http2ClientStream(Http2ClientConnection owner, Http2Stream stream, StreamRequest request) {
        super(owner, stream, true);
        this.owner = owner;
        this.request = request;
        this.events = request.events();
    }

    void sendHead() {
        requestEnded = request.endsWithHead();
        writeHeaders(Http2Fields.of(request.head()), requestEnded);
        if (requestEnded) {
            flush();
        }
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (finished) {
            data.release();
            return;
        }
        heard();
        requestEnded = end;
        writeData(data, end);
        if (end) {
            flush();
        }
    }

    @Override
    public void trailers(HttpHeaders trailers) {
        if (finished) {
            return;
        }
        requestEnded = true;
        if (trailers.isEmpty()) {
            writeData(Unpooled.EMPTY_BUFFER, true);
        } else {
            writeHeaders(Http2Fields.section(trailers), true);
        }
        flush();
    }

    @Override
    protected void timedOut() {
        if (!finished) {
            cancel();
            events.onResponseFailure(Failure.BACKEND_TIMEOUT);
        }
    }

    @Override
    public void cancel() {
        if (!finished) {
            finished = true;
            reset(Http2Error.CANCEL);
        }
    }

    @Override
    protected void onHeaders(Http2Headers headers, boolean end) throws Http2Exception {
        if (finished) {
            return;
        }
        HttpHeaders fields = Http2Fields.from(headers);
        if (answered) {
            if (!end) {
                throw malformed("trailers do not end the stream");
            }
            finish();
            events.onResponseTrailers(fields);
            return;
        }
        int status = status(headers);
        HopByHop.strip(fields);
        ResponseHead head = new ResponseHead(status, fields);
        if (head.isInformational()) {
            try {
                interims.take(head, System.nanoTime());
            } catch (BadMessage bad) {
                throw malformed(bad.reason());
            }
            events.onInformational(head);
            return;
        }
        answered = true;
        if (end) {
            finish();
        }
        events.onResponseHead(head, end);
    }

    private int status(Http2Headers headers) throws Http2Exception {
        CharSequence text = headers.status();
        int status = 0;
        for (int i = 0; text != null && i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i == STATUS_DIGITS) {
                throw malformed("the status is malformed");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status == 101) {
            throw malformed("the status is malformed");
        }
        return status;
    }

    private Http2Exception malformed(String reason) {
        return Http2Exception.streamError(id(), Http2Error.PROTOCOL_ERROR, reason);
    }

    @Override
    protected void onData(ByteBuf data, boolean end) {
        if (finished) {
            data.release();
            return;
        }
        if (!answered) {
            data.release();
            cancel();
            events.onResponseFailure(Failure.BAD_RESPONSE);
            return;
        }
        if (end) {
            finish();
        }
        events.onResponseData(data, end);
    }

    /// A backend that has answered does not need the rest of the request.
    private void finish() {
        finished = true;
        if (!requestEnded) {
            Barrier.execute(owner.channel().eventLoop(), this, () -> reset(Http2Error.CANCEL));
        }
    }

    @Override
    protected void onReadComplete() {
        events.onResponseReadComplete();
    }

    @Override
    protected void onWritable() {
        if (!finished) {
            events.onBackendWritable();
        }
    }

    @Override
    protected void onReset(long errorCode) {
        reset = errorCode;
    }

    @Override
    protected void onClosed() {
        handOver();
        super.onClosed();
        if (!finished) {
            finished = true;
            events.onResponseFailure(failure());
        }
    }

    private Failure failure() {
        // RFC 9113 8.7: nothing was done about a refused request.
        if (reset == Http2Error.REFUSED_STREAM.code() || owner.isUnprocessed(id())) {
            return Failure.UNPROCESSED;
        }
        return reset == Http2Error.CANCEL.code() ? Failure.CANCELLED : Failure.RESET;
    }
}
