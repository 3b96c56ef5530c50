package dev.sluice.engine;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.Connection;
import dev.sluice.http.Deadline;
import dev.sluice.http.Http2Flow;
import dev.sluice.http.Http2Link;
import dev.sluice.http.RequestHead;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client's HTTP/2 connection: each of its streams is a [Http2ServerStream].
public final class Http2ServerConnection extends Http2Link implements ServerConnection {

    /// Streams that a client may have open at once.
    private static final int MAX_STREAMS = 1024;

    /// Resets in 30 seconds, by the client or because of it, after which it is cut off: far above what
    /// cancelled calls need, far below a rapid reset attack (CVE-2023-44487).
    private static final int MAX_RESETS = 2000;

    /// How long streams may still arrive that were under way when we said that we end.
    private static final long LAST_STREAMS_MILLIS = 500;

    private final RequestHandler handler;
    private final ServerSettings settings;
    private final Connection connection;
    private @Nullable Deadline deadline;

    private Http2ServerConnection(
            Builder builder,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings initial) {
        super(decoder, encoder, initial);
        this.connection = builder.connection;
        this.handler = builder.handler;
        this.settings = builder.settings;
    }

    /// The handler of a connection whose preface is still to be read.
    public static Http2ServerConnection of(
            Connection connection, RequestHandler handler, ServerSettings settings) {
        return new Builder(connection, handler, settings).build();
    }

    Connection client() {
        return connection;
    }

    ServerSettings settings() {
        return settings;
    }

    EventLoop eventLoop() {
        return channel().eventLoop();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        super.handlerAdded(added);
        Deadline idle =
                new Deadline(added.channel().eventLoop(), this, () -> added.channel().close());
        idle.in(settings.idleTimeout());
        deadline = idle;
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) throws Exception {
        if (deadline != null) {
            deadline.cancel();
        }
        super.channelInactive(inactive);
    }

    @Override
    protected @Nullable Http2Flow onOpen(Http2Stream opened, Http2Headers headers, boolean end)
            throws Http2Exception {
        Http2Requests.requireWhole(opened.id(), headers);
        if (deadline != null) {
            deadline.none();
        }
        Http2ServerStream stream;
        try {
            RequestHead head = Http2Requests.head(headers, connection.tls(), settings.upgrades());
            stream = new Http2ServerStream(this, opened, head);
            attach(opened, stream);
            stream.begin(handler, head, end);
        } catch (BadMessage bad) {
            stream = new Http2ServerStream(this, opened, Http2Requests.UNREADABLE);
            attach(opened, stream);
            stream.refuse(Answer.text(bad.status(), bad.reason()), end);
        }
        return stream;
    }

    @Override
    protected void onStreamOver() {
        if (deadline != null && connection().numActiveStreams() == 0) {
            deadline.in(settings.idleTimeout());
        }
    }

    /// Ends the connection after the requests in flight. Streams that the client opens before it has
    /// read this are served, too (RFC 9113 6.8).
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

    private static final class Builder
            extends AbstractHttp2ConnectionHandlerBuilder<Http2ServerConnection, Builder> {

        private final Connection connection;
        private final RequestHandler handler;
        private final ServerSettings settings;

        Builder(Connection connection, RequestHandler handler, ServerSettings settings) {
            this.connection = connection;
            this.handler = handler;
            this.settings = settings;
            server(true);
            validateHeaders(true);
            gracefulShutdownTimeoutMillis(-1); // whoever drains closes in the end
            decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, 30);
            encoderEnforceMaxRstFramesPerWindow(MAX_RESETS, 30);
            initialSettings(
                    Http2Settings.defaultSettings()
                            .maxConcurrentStreams(MAX_STREAMS)
                            .initialWindowSize(STREAM_WINDOW)
                            .maxHeaderListSize(settings.limits().header())
                            .connectProtocolEnabled(true));
        }

        @Override
        protected Http2ServerConnection build() {
            return super.build();
        }

        @Override
        protected Http2ServerConnection build(
                Http2ConnectionDecoder decoder,
                Http2ConnectionEncoder encoder,
                Http2Settings initial) {
            Http2ServerConnection built =
                    new Http2ServerConnection(this, decoder, encoder, initial);
            decoder.frameListener(built.frames());
            return built;
        }
    }
}
