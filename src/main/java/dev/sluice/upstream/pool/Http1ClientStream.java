package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.ClientStream;
import dev.sluice.http.Failure;
import dev.sluice.http.HopByHop;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.Upgrades;
import dev.sluice.http.http1.BodyWriter;
import dev.sluice.http.http1.Framing;
import dev.sluice.http.http1.Http1Parser;
import dev.sluice.http.http1.Http1Writer;
import dev.sluice.http.http1.StatusLine;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/// One request on an HTTP/1.1 connection to a backend.
final class Http1ClientStream implements ClientStream {

    private static final int HEAD_SIZE = 1024;

    private final Http1ClientConnection connection;
    private final Channel channel;
    private final StreamRequest request;
    private final ResponseEvents events;
    private final BodyWriter body = new BodyWriter();
    private final InterimBudget interims = new InterimBudget();
    private @Nullable ResponseHead held;
    private boolean interim;
    private boolean tunnel;
    private boolean keepAlive = true;
    private boolean finished;

    Http1ClientStream(Http1ClientConnection connection, Channel channel, StreamRequest request) {
        this.connection = connection;
        this.channel = channel;
        this.request = request;
        this.events = request.events();
    }

    ResponseEvents events() {
        return events;
    }

    boolean isTunnel() {
        return tunnel;
    }

    void sendHead() {
        RequestHead head = request.head();
        body.start(head.headers(), request.endsWithHead());
        ByteBuf out = channel.alloc().buffer(HEAD_SIZE);
        Http1Writer.requestHead(out, head);
        if (head.headers().contains(HttpHeaderNames.UPGRADE)) {
            Http1Writer.field(out, HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        } else if (head.headers().contains(HttpHeaderNames.TE)) {
            Http1Writer.field(out, HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
        }
        if (body.isChunked()) {
            Http1Writer.field(out, HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        Http1Writer.endOfHead(out);
        channel.write(out, channel.voidPromise());
        if (request.endsWithHead()) {
            channel.flush();
        }
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        connection.heard();
        if (finished) {
            data.release();
        } else if (tunnel && end) {
            endTunnel(data);
        } else if (tunnel) {
            channel.write(data, channel.voidPromise());
        } else if (!body.data(channel, data, end)) {
            fail(Failure.BAD_REQUEST_BODY);
        } else if (end) {
            channel.flush();
        }
    }

    /// The client says nothing more; the backend may (RFC 8441 5). TLS has no half of a connection.
    private void endTunnel(ByteBuf last) {
        Barrier.whenDone(
                channel.writeAndFlush(last),
                Barrier.closing("http1", channel),
                _ -> {
                    if (channel instanceof DuplexChannel duplex
                            && channel.pipeline().get(SslHandler.class) == null) {
                        duplex.shutdownOutput();
                    } else {
                        channel.close();
                    }
                });
    }

    @Override
    public void trailers(HttpHeaders trailers) {
        if (finished) {
            return;
        }
        if (body.end(channel, trailers)) {
            channel.flush();
        } else {
            fail(Failure.BAD_REQUEST_BODY);
        }
    }

    @Override
    public void flush() {
        if (!finished) {
            channel.flush();
        }
    }

    @Override
    public void cancel() {
        if (!finished) {
            finished = true;
            connection.release(false);
        }
    }

    @Override
    public boolean isWritable() {
        return finished || channel.isWritable();
    }

    @Override
    public void read(boolean wanted) {
        if (!finished) {
            connection.read(wanted);
        }
    }

    long onHead(byte[] line, int length, HttpFields httpFields) throws BadMessage {
        StatusLine status = StatusLine.parse(line, length);
        long framing = Framing.ofResponse(httpFields, status.status(), request.head().method());
        HttpHeaders asked = request.head().headers();
        if (status.status() == 101 && !Upgrades.isAnswered(asked, httpFields)) {
            throw new BadMessage(502, "the backend changed the protocol without being asked");
        }
        keepAlive = isPersistent(httpFields, status, framing);
        HopByHop.strip(httpFields);
        ResponseHead head = new ResponseHead(status.status(), httpFields);
        interim = head.isInformational();
        if (interim) {
            interims.take(head, System.nanoTime());
            events.onInformational(head);
            return framing;
        }
        if (status.status() == 101) {
            tunnel = true;
            httpFields.set(HttpHeaderNames.UPGRADE, asked.get(HttpHeaderNames.UPGRADE));
        }
        if (framing == Http1Parser.CHUNKED) {
            held = head; // a first chunk that is malformed is a failure, not half an answer
            return framing;
        }
        boolean end = framing == Http1Parser.NO_BODY;
        if (end) {
            // The parser reports the end of the message right after this.
            finished = true;
        }
        events.onResponseHead(head, end);
        return framing;
    }

    /// Passes on the head of a chunked response, once its first chunk is known to begin well, or
    /// has yet to come.
    private void passHead() {
        ResponseHead head = held;
        if (head != null) {
            held = null;
            events.onResponseHead(head, false);
        }
    }

    void onReadComplete() {
        if (!finished) {
            passHead();
        }
        events.onResponseReadComplete();
    }

    private static boolean isPersistent(HttpHeaders headers, StatusLine status, long framing) {
        if (framing == Http1Parser.UNTIL_CLOSE || status.status() == 101) {
            return false;
        }
        return status.minor() == 1
                ? !HopByHop.hasOption(headers, HttpHeaderValues.CLOSE)
                : HopByHop.hasOption(headers, HttpHeaderValues.KEEP_ALIVE);
    }

    void onData(ByteBuf data, boolean last) {
        if (finished) {
            data.release();
            return;
        }
        passHead();
        if (finished) { // the receiver of the head has cancelled the response
            data.release();
            return;
        }
        finished = last;
        events.onResponseData(data, last);
        if (last) {
            connection.release(keepAlive && body.isEnded());
        }
    }

    void onEnd(HttpHeaders trailers) {
        if (interim) {
            interim = false;
            return;
        }
        if (!finished) {
            passHead();
        }
        if (!finished) {
            finished = true;
            if (trailers.isEmpty()) {
                events.onResponseTrailers(EmptyHttpHeaders.INSTANCE);
            } else {
                events.onResponseTrailers(trailers);
            }
        }
        connection.release(keepAlive && body.isEnded());
    }

    void fail(Failure failure) {
        if (!finished) {
            finished = true;
            connection.release(false);
            events.onResponseFailure(failure);
        }
    }
}
