package dev.sluice.upstream.pool;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.Failure;
import dev.sluice.http.HttpFields;
import dev.sluice.http.http1.Http1Parser;
import dev.sluice.net.IdleTimer;
import dev.sluice.net.IoErrors;
import dev.sluice.net.TurnPause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 connection to a backend: one request after the other, each a [Http1ClientStream].
final class Http1ClientConnection extends ChannelInboundHandlerAdapter
        implements Http1Parser.Sink, Barrier.Owner {

    private final Http1Pool pool;
    private final PoolSettings settings;
    private @Nullable Channel channel;
    private @Nullable Http1Parser parser;
    private @Nullable Http1ClientStream current;
    private @Nullable IdleTimer idleTimer;
    private @Nullable TurnPause pause;
    private int unheard;
    private long idleSince;
    private boolean opened;
    private boolean endsWell = true;
    private boolean wanted = true;

    Http1ClientConnection(Http1Pool pool, PoolSettings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    void send(StreamRequest request, boolean reused) {
        Channel open = channel;
        if (open == null || !open.isActive()) {
            pool.done();
            request.onRefused(Failure.REFUSED);
            return;
        }
        Http1ClientStream stream = new Http1ClientStream(this, open, request);
        current = stream;
        heard();
        if (idleTimer != null) {
            idleTimer.begin();
        }
        try {
            stream.sendHead();
        } catch (Throwable error) {
            stream.cancel();
            Barrier.failed(request, error);
            return;
        }
        request.onOpen(stream, reused);
    }

    @Override
    public String place() {
        return "http1.client";
    }

    /// Ends the connection and its request.
    @Override
    public void onUnexpectedError(Throwable error) {
        if (current != null) {
            current.fail(Failure.INTERNAL);
        }
        close();
    }

    /// It counts as one of the pool's: it is connected, and encrypted where it must be.
    void opened() {
        opened = true;
    }

    /// Something passed, either way.
    void heard() {
        unheard = 0;
    }

    /// Nobody waits for a connection without a request, or for one that is not read.
    private void look() {
        Http1ClientStream waiting = current;
        Channel open = channel;
        IdleTimer limits = idleTimer;
        if (waiting == null || open == null || limits == null || !open.config().isAutoRead()) {
            unheard = 0;
        } else if (++unheard
                >= limits.checks(
                        waiting.isTunnel()
                                ? settings.tunnelTimeout()
                                : settings.responseTimeout())) {
            waiting.fail(Failure.BACKEND_TIMEOUT);
        }
    }

    boolean isActive() {
        return channel != null && channel.isActive();
    }

    /// Time at which it was given back, as of [System#nanoTime()].
    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanoTime) {
        idleSince = nanoTime;
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    /// The exchange is over.
    ///
    /// @param reusable whether both messages ended where they should
    void release(boolean reusable) {
        current = null;
        pool.done();
        Channel open = channel;
        if (open == null) {
            return;
        }
        if (reusable && open.isActive() && parser != null && parser.isBetweenMessages()) {
            wanted = true;
            adjustReading();
            pool.free(this);
        } else {
            open.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        parser = new Http1Parser(context.alloc(), settings.messageLimits(), this);
        pause = new TurnPause(channel.eventLoop(), this, this::goOn);
        idleTimer =
                new IdleTimer(channel.eventLoop(), this, settings.responseTimeout(), this::look);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard();
        if (current == null) {
            // Nobody has asked for it: the next request must not get it as its response.
            ((ByteBuf) message).release();
            close();
        } else if (parser != null) {
            try {
                parser.feed((ByteBuf) message);
                adjustReading();
            } catch (Throwable error) {
                Barrier.failed(this, error);
            }
        }
    }

    /// Pauses or resumes reading the response.
    void read(boolean more) {
        wanted = more;
        adjustReading();
    }

    private void adjustReading() {
        Channel open = channel;
        boolean more = parser != null && parser.hasMore();
        if (open == null) {
            return;
        }
        open.config().setAutoRead(wanted && !more);
        if (more && pause != null) {
            pause.begin();
        }
    }

    /// Another turn with what was read before.
    private void goOn() {
        if (parser != null) {
            parser.goOn();
        }
        adjustReading();
        if (current != null) {
            current.onReadComplete();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (current != null) {
            current.onReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (current != null && context.channel().isWritable()) {
            current.events().onBackendWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (idleTimer != null) {
            idleTimer.end();
        }
        if (parser != null) {
            while (parser.hasMore()) {
                parser.goOn();
            }
            boolean whole = endsWell && parser.endOfInput();
            parser.close();
            Http1ClientStream cut = current;
            if (cut != null) {
                if (whole && cut.isTunnel()) {
                    cut.onData(Unpooled.EMPTY_BUFFER, true);
                } else {
                    cut.fail(Failure.RESET);
                }
            }
        }
        if (opened) {
            pool.gone(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // What it means for the request is reported when the channel is closed.
        endsWell = false;
        if (current != null && isOfWriting(cause)) {
            // The backend takes no more, and may have answered before: reading finds that, or the
            // end.
            context.read();
            return;
        }
        if (!IoErrors.isOne(cause)) {
            Barrier.report(place(), cause);
        }
        context.close();
    }

    /// Reading closes the channel itself when it fails, and TLS when it is broken.
    private static boolean isOfWriting(Throwable cause) {
        return cause instanceof IOException && !(cause instanceof SSLException);
    }

    /// A TLS connection that ends without `close_notify` may have been cut by somebody on the way
    /// (RFC 9112 9.8).
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent end && !end.isSuccess()) {
            endsWell = false;
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public long onHead(byte[] line, int length, HttpFields httpFields) throws BadMessage {
        if (current == null) {
            throw new BadMessage(502, "a response without a request");
        }
        return current.onHead(line, length, httpFields);
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (current == null) {
            data.release();
        } else {
            current.onData(data, last);
        }
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        if (current != null) {
            current.onEnd(trailers);
        }
    }

    @Override
    public void onBadMessage(BadMessage bad) {
        if (current != null) {
            current.fail(Failure.BAD_RESPONSE);
        }
        close();
    }
}
