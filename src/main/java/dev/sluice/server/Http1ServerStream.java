package dev.sluice.server;

import dev.sluice.http.Failure;
import dev.sluice.http.ResponseHead;
import dev.sluice.http.ServerStream;
import dev.sluice.http.http1.BodyWriter;
import dev.sluice.http.http1.Http1Writer;
import dev.sluice.net.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;

/// One request of an HTTP/1.1 connection.
final class Http1ServerStream implements ServerStream {

    private static final int HEAD_SIZE = 512;

    private final Http1ServerConnection owner;
    private final Channel channel;
    private final String method;
    private final int minor;
    private final BodyWriter body = new BodyWriter();
    private boolean keepAlive;
    private boolean bodiless;
    private boolean tunnel;
    private boolean answered;
    private boolean ended;

    /// @param minor the client's minor version: 1.0 knows no chunks and no interim responses
    /// @param keepAlive whether the client lets the connection go on
    Http1ServerStream(Http1ServerConnection owner, String method, int minor, boolean keepAlive) {
        this.owner = owner;
        this.channel = owner.channel();
        this.method = method;
        this.minor = minor;
        this.keepAlive = keepAlive;
    }

    @Override
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public String protocol() {
        return minor == 1 ? "HTTP/1.1" : "HTTP/1.0";
    }

    @Override
    public Connection connection() {
        return owner.connection();
    }

    @Override
    public void informational(ResponseHead head) {
        if (!ended && minor == 1) {
            ByteBuf out = channel.alloc().buffer(HEAD_SIZE);
            head.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
            Http1Writer.responseHead(out, head);
            Http1Writer.endOfHead(out);
            channel.write(out, channel.voidPromise());
        }
    }

    @Override
    public void head(ResponseHead head, boolean end) {
        if (ended) {
            return;
        }
        answered = true;
        int status = head.status();
        HttpHeaders headers = head.headers();
        bodiless = end || status == 204 || status == 304 || method.equals("HEAD");
        if (status == 204) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH); // RFC 9110 8.6
        } else if (end && status != 304 && !method.equals("HEAD") && status != 101) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, "0");
        }
        body.start(headers, bodiless);
        if (minor == 0 && body.isChunked()) {
            body.untilClose();
            keepAlive = false;
        }
        ByteBuf out = channel.alloc().buffer(HEAD_SIZE);
        Http1Writer.responseHead(out, head);
        if (status == 101) {
            tunnel = true;
            Http1Writer.field(out, HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        } else {
            keepAlive &= !owner.isEnding();
            connectionField(out);
            if (body.isChunked()) {
                Http1Writer.field(out, HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        Http1Writer.endOfHead(out);
        channel.write(out, channel.voidPromise());
        if (tunnel) {
            channel.flush();
            owner.tunnel();
        } else if (end) {
            finish();
        }
    }

    private void connectionField(ByteBuf out) {
        if (!keepAlive) {
            Http1Writer.field(out, HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (minor == 0) {
            Http1Writer.field(out, HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    /// Whether the head of a response was written.
    boolean isAnswered() {
        return answered;
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
            return;
        }
        if (tunnel) {
            channel.write(data, channel.voidPromise());
            keepAlive &= !end;
        } else if (bodiless) {
            data.release();
        } else if (!body.data(channel, data, end)) {
            abort();
            return;
        }
        if (end) {
            finish();
        }
    }

    @Override
    public void trailers(HttpHeaders trailers) {
        if (ended) {
            return;
        }
        if (!bodiless && !body.end(channel, trailers)) {
            abort();
        } else {
            finish();
        }
    }

    private void finish() {
        ended = true;
        channel.flush();
        owner.responseEnded(keepAlive);
    }

    @Override
    public void flush() {
        if (!ended) {
            channel.flush();
        }
    }

    @Override
    public void abort(Failure cause) {
        abort();
    }

    private void abort() {
        if (!ended) {
            ended = true;
            owner.cut();
        }
    }

    /// The connection is gone.
    void cut() {
        ended = true;
    }

    @Override
    public boolean isWritable() {
        return ended || channel.isWritable();
    }

    @Override
    public void read(boolean wanted) {
        if (!ended) {
            owner.read(wanted);
        }
    }
}
