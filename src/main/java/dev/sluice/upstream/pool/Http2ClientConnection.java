package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.Failure;
import dev.sluice.http.http2.Http2Codec;
import dev.sluice.http.http2.Http2Endpoint;
import dev.sluice.http.http2.Http2Limits;
import dev.sluice.http.http2.Http2StreamHandler;
import dev.sluice.net.IdleTimer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/// An HTTP/2 connection to a backend: each of its streams is a [Http2ClientStream].
final class Http2ClientConnection extends Http2Endpoint {

    /// Streams at once while the backend has not said how many it allows, and at most.
    private static final int MAX_STREAMS = 1000;

    private final Http2Pool pool;
    private final PoolSettings settings;
    private @Nullable ScheduledFuture<?> idle;
    private @Nullable IdleTimer idleTimer;
    private boolean leaving;

    Http2ClientConnection(Http2Pool pool, PoolSettings settings) {
        super(
                Http2Codec.client(
                        Http2Settings.defaultSettings()
                                .pushEnabled(false)
                                .initialWindowSize(STREAM_WINDOW),
                        settings.messageLimits(),
                        Http2Limits.DEFAULT));
        this.pool = pool;
        this.settings = settings;
    }

    boolean hasRoom() {
        return !leaving
                && connection().local().canOpenStream()
                && connection().local().numActiveStreams() < MAX_STREAMS
                && channel().isActive();
    }

    void send(StreamRequest request, boolean reused) {
        if (idle != null) {
            idle.cancel(false);
            idle = null;
        }
        int id = connection().local().incrementAndGetNextStreamId();
        Http2Stream stream;
        try {
            stream = connection().local().createStream(id, false);
        } catch (Http2Exception e) {
            leave(); // out of identifiers, or going away
            pool.done();
            request.onRefused(Failure.UNPROCESSED);
            return;
        }
        Http2ClientStream exchange = new Http2ClientStream(this, stream, request);
        attach(stream, exchange);
        if (idleTimer != null) {
            idleTimer.begin();
        }
        try {
            exchange.sendHead();
        } catch (Throwable error) {
            exchange.cancel();
            Barrier.failed(request, error);
            return;
        }
        request.onOpen(exchange, reused);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        super.handlerAdded(added);
        idleTimer =
                new IdleTimer(
                        added.channel().eventLoop(), this, settings.responseTimeout(), this::look);
    }

    private void look() {
        IdleTimer limits = idleTimer;
        if (limits != null) {
            int looks = limits.checks(settings.responseTimeout());
            forEachFlow(flow -> flow.look(looks));
        }
    }

    /// Ends the connection after the requests in flight.
    void end() {
        leave();
        channel().close();
    }

    /// Whether the backend has said, with its farewell, that it did not look at that stream.
    boolean isUnprocessed(int stream) {
        return connection().goAwayReceived()
                && stream > connection().local().lastStreamKnownByPeer();
    }

    private void leave() {
        leaving = true;
        pool.gone(this);
    }

    @Override
    protected @Nullable Http2StreamHandler onOpen(
            Http2Stream stream, Http2Headers headers, boolean end) {
        return null; // backends open no streams: push is disabled
    }

    @Override
    protected void onGoAway() {
        leave();
        if (connection().numActiveStreams() == 0) {
            channel().close();
        }
    }

    @Override
    protected void onStreamOver() {
        pool.done();
        if (!leaving) {
            restUnlessUsed();
        } else if (connection().numActiveStreams() == 0) {
            channel().close();
        }
    }

    /// Limits how long the connection stays without a request.
    void restUnlessUsed() {
        if (idle == null && connection().numActiveStreams() == 0) {
            long limit = settings.idleTimeout().toNanos();
            idle = Barrier.schedule(channel().eventLoop(), this, this::end, limit);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) throws Exception {
        leave();
        if (idleTimer != null) {
            idleTimer.end();
        }
        super.channelInactive(inactive);
        if (idle != null) {
            idle.cancel(false);
        }
    }
}
