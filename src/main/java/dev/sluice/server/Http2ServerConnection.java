package dev.sluice.server;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.RequestHandler;
import dev.sluice.http.RequestHead;
import dev.sluice.http.http2.Http2Codec;
import dev.sluice.http.http2.Http2Endpoint;
import dev.sluice.http.http2.Http2Limits;
import dev.sluice.http.http2.Http2StreamHandler;
import dev.sluice.net.Connection;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.Deadline;
import dev.sluice.net.FailedConnection;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client's HTTP/2 connection: each of its streams is a [Http2ServerStream].
public final class Http2ServerConnection extends Http2Endpoint implements ServerConnection {

    static final String PROTOCOL = "HTTP/2";

    /// How long streams may still arrive that were under way when we said that we end.
    private static final long LAST_STREAMS_MILLIS = 500;

    private final RequestHandler handler;
    private final ServerSettings settings;
    private final Connection connection;
    private @Nullable Deadline deadline;
    private boolean prefaceRead;

    /// The handler of a connection whose preface is still to be read.
    public Http2ServerConnection(
            Connection connection, RequestHandler handler, ServerSettings settings) {
        super(
                Http2Codec.server(
                        Http2Settings.defaultSettings()
                                .maxConcurrentStreams(streams(connection, settings.http2()))
                                .initialWindowSize(STREAM_WINDOW)
                                .connectProtocolEnabled(true),
                        settings.messageLimits(),
                        settings.http2()));
        this.connection = connection;
        this.handler = handler;
        this.settings = settings;
    }

    private static int streams(Connection connection, Http2Limits limits) {
        return connection.proxies().isEmpty() ? limits.streams() : limits.proxyStreams();
    }

    Connection client() {
        return connection;
    }

    ServerSettings settings() {
        return settings;
    }

    RequestHandler handler() {
        return handler;
    }

    EventLoop eventLoop() {
        return channel().eventLoop();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        super.handlerAdded(added);
        Deadline idle = new Deadline(added.channel().eventLoop(), this, this::timedOut);
        idle.in(settings.headerTimeout()); // for the preface (RFC 9113 3.4)
        deadline = idle;
    }

    private void timedOut() {
        if (!prefaceRead) {
            failed(ConnectionFailure.HTTP2_TIMEOUT);
        }
        channel().close();
    }

    private void failed(ConnectionFailure reason) {
        handler.failed(new FailedConnection(connection.remoteHost(), connection.sni(), reason));
    }

    @Override
    protected void onPeerError(Http2Error error) {
        failed(
                error == Http2Error.ENHANCE_YOUR_CALM
                        ? ConnectionFailure.HTTP2_FLOOD
                        : ConnectionFailure.HTTP2_PROTOCOL);
    }

    @Override
    protected void onPrefaceRead() {
        prefaceRead = true;
        if (deadline != null && connection().numActiveStreams() == 0) {
            deadline.in(settings.idleTimeout());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) throws Exception {
        if (deadline != null) {
            deadline.cancel();
        }
        super.channelInactive(inactive);
    }

    @Override
    protected @Nullable Http2StreamHandler onOpen(
            Http2Stream opened, Http2Headers headers, boolean end) throws Http2Exception {
        Http2Requests.requireWhole(opened.id(), headers);
        if (deadline != null) {
            deadline.none();
        }
        Http2ServerStream stream = stream(opened, headers, end);
        attach(opened, stream);
        return stream;
    }

    private Http2ServerStream stream(Http2Stream opened, Http2Headers headers, boolean end) {
        try {
            RequestHead head = Http2Requests.head(headers, connection.tls(), settings.upgrades());
            return new Http2ServerStream(this, opened, head, null, end);
        } catch (BadMessage bad) {
            return new Http2ServerStream(this, opened, RequestHead.unreadable(), bad, end);
        }
    }

    @Override
    protected void onRefused(BadMessage bad) {
        handler.refuse(new RefusedStream(eventLoop(), connection, PROTOCOL), bad);
    }

    @Override
    protected void onStreamOver() {
        if (deadline != null && connection().numActiveStreams() == 0) {
            deadline.in(settings.idleTimeout());
        }
    }

    /// Ends the connection after the requests in flight. Streams that the client opens before it
    /// has read this are served, too (RFC 9113 6.8).
    @Override
    public void drain() {
        goAway(Integer.MAX_VALUE);
        Barrier.schedule(
                eventLoop(),
                this,
                this::endDrain,
                TimeUnit.MILLISECONDS.toNanos(LAST_STREAMS_MILLIS));
    }

    private void endDrain() {
        if (channel().isActive()) {
            goAway(connection().remote().lastStreamCreated());
            channel().close();
        }
    }

    private void goAway(int lastStream) {
        ChannelHandlerContext context = context();
        goAway(
                context,
                lastStream,
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                context.newPromise());
        flush(context);
    }
}
