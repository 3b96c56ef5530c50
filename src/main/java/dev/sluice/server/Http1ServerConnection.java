package dev.sluice.server;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.Failure;
import dev.sluice.http.HopByHop;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestEvents;
import dev.sluice.http.RequestHandler;
import dev.sluice.http.RequestHead;
import dev.sluice.http.http1.Framing;
import dev.sluice.http.http1.Http1Parser;
import dev.sluice.http.http1.RequestLine;
import dev.sluice.net.Connection;
import dev.sluice.net.Deadline;
import dev.sluice.net.IoErrors;
import dev.sluice.net.TurnPause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client's HTTP/1.1 connection: one request after the other, each a [Http1ServerStream].
/// Requests that come before the last answer is out (pipelining) wait in the parser.
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter
        implements Http1Parser.Sink, ServerConnection, Barrier.Owner {

    /// Bytes of requests in waiting, beyond which the socket is not read; what one read brings
    /// comes on top.
    private static final int MAX_AHEAD = 16 * 1024;

    /// Bytes of a body that are read after the answer, so that the connection can go on.
    private static final int MAX_UNWANTED = 64 * 1024;

    /// How long a client may go on sending after an answer that ended the connection. Bytes that
    /// are thrown away without a pause meanwhile, and the pause behind them: 6 MiB a second.
    private static final int LINGER_BYTES = 64 * 1024;

    private static final long LINGER_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final RequestHandler handler;
    private final ServerSettings settings;
    private final Connection connection;
    private final Channel channel;
    private final Http1Parser parser;
    private final Deadline deadline;
    private final TurnPause pause;
    private @Nullable Http1ServerStream stream;
    private @Nullable RequestEvents events;
    private boolean requestEnded = true;
    private boolean wanted = true;
    private boolean expects;
    private int unwanted;
    private int lingered;
    private boolean draining;
    private boolean closing;
    private boolean broken;

    public Http1ServerConnection(
            Channel channel,
            Connection connection,
            RequestHandler handler,
            ServerSettings settings) {
        this.channel = channel;
        this.connection = connection;
        this.handler = handler;
        this.settings = settings;
        this.parser = new Http1Parser(channel.alloc(), settings.messageLimits(), this);
        this.pause = new TurnPause(channel.eventLoop(), this, this::goOn);
        this.deadline = new Deadline(channel.eventLoop(), this, this::timedOut);
        deadline.in(settings.idleTimeout());
    }

    Channel channel() {
        return channel;
    }

    Connection connection() {
        return connection;
    }

    /// Whether the connection ends with the next answer. A client that has asked whether to send
    /// its body may leave it out when it is answered, and nobody knows what comes then (RFC 9110
    /// 10.1.1).
    boolean isEnding() {
        return draining || broken || expects && !requestEnded;
    }

    /// Pauses or resumes reading the body of the current request.
    void read(boolean more) {
        wanted = more;
        adjustReading();
    }

    /// The one place that decides whether the socket is read: for a head or a body as long as
    /// somebody wants it, behind a whole request only so far that its end is noticed and the next
    /// one is at hand.
    private void adjustReading() {
        boolean reading;
        if (closing || stream == null && !requestEnded) {
            reading = true; // what comes is thrown away, and bounded elsewhere
        } else if (!requestEnded) {
            reading = wanted;
        } else {
            reading = !parser.isPaused() || parser.pending() <= MAX_AHEAD;
        }
        boolean more = parser.hasMore();
        channel.config().setAutoRead(reading && !more);
        if (more) {
            pause.begin();
        }
    }

    /// Another turn with what was read before.
    private void goOn() {
        parser.goOn();
        adjustReading();
        if (events != null && !requestEnded) {
            events.onRequestReadComplete();
        }
    }

    @Override
    public void drain() {
        draining = true;
        if (stream == null && parser.isBetweenMessages()) {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closing) {
            discard((ByteBuf) message);
            return;
        }
        boolean starts = stream == null && parser.isBetweenMessages();
        try {
            parser.feed((ByteBuf) message);
        } catch (Throwable error) {
            Barrier.failed(this, error);
        }
        if (starts && stream == null && !parser.isBetweenMessages()) {
            deadline.in(settings.headerTimeout());
        }
        adjustReading();
    }

    /// What comes after the last answer is thrown away, at a pace that costs others nothing.
    private void discard(ByteBuf data) {
        lingered += data.readableBytes();
        data.release();
        if (lingered >= LINGER_BYTES) {
            lingered = 0;
            channel.config().setAutoRead(false);
            var _ =
                    Barrier.schedule(
                            channel.eventLoop(), this, this::adjustReading, LINGER_PAUSE_NANOS);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (events != null && !requestEnded) {
            events.onRequestReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!channel.isWritable()) {
            return;
        }
        if (events != null) {
            events.onClientWritable();
        }
        Barrier.run(this, this::nextIfDone);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        deadline.cancel();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.cancel();
        parser.close();
        abort();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!IoErrors.isOne(cause)) {
            Barrier.report(place(), cause);
        }
        context.close();
    }

    @Override
    public String place() {
        return "http1.server";
    }

    /// Answers with 500 where nothing was answered yet, and ends the connection: nobody knows how
    /// far the request was read.
    @Override
    public void onUnexpectedError(Throwable error) {
        onBadMessage(new BadMessage(Failure.INTERNAL.status(), Failure.INTERNAL.reason()));
    }

    private void abort() {
        RequestEvents cut = events;
        if (stream != null) {
            stream.cut();
        }
        stream = null;
        events = null;
        if (cut != null) {
            cut.onClientAbort();
        }
    }

    @Override
    public long onHead(byte[] line, int length, HttpFields httpFields) throws BadMessage {
        RequestLine requestLine = RequestLine.parse(line, length);
        long framing = Framing.ofRequest(httpFields, requestLine.minor());
        boolean keepAlive =
                requestLine.minor() == 1
                        ? !HopByHop.hasOption(httpFields, HttpHeaderValues.CLOSE)
                        : HopByHop.hasOption(httpFields, HttpHeaderValues.KEEP_ALIVE);
        RequestHead head =
                Http1Requests.head(requestLine, httpFields, connection, settings.upgrades());
        boolean end = framing == Http1Parser.NO_BODY;
        requestEnded = end;
        wanted = true;
        expects = httpFields.contains(HttpHeaderNames.EXPECT);
        parser.pause();
        if (end) {
            deadline.none();
        } else {
            deadline.in(settings.bodyTimeout());
        }
        Http1ServerStream next =
                new Http1ServerStream(this, head.method(), requestLine.minor(), keepAlive);
        stream = next;
        RequestEvents to = handler.begin(next, head, end);
        if (stream == next) {
            events = to;
        }
        return framing;
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (last) {
            endOfRequest();
        } else if (!requestEnded) {
            deadline.in(settings.bodyTimeout());
        }
        if (events == null) {
            leave(data, last);
        } else {
            events.onRequestData(data, last);
        }
        if (last) {
            nextIfDone();
        }
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        if (!requestEnded) {
            endOfRequest();
            if (events != null) {
                events.onRequestTrailers(trailers);
            }
        }
        nextIfDone();
    }

    /// Part of a body that has its answer.
    private void leave(ByteBuf data, boolean last) {
        unwanted += data.readableBytes();
        data.release();
        if (!last && unwanted > MAX_UNWANTED) {
            lastResponse();
        }
    }

    private void endOfRequest() {
        requestEnded = true;
        deadline.none();
    }

    @Override
    public void onBadMessage(BadMessage bad) {
        broken = true;
        Http1ServerStream current = stream;
        RequestEvents to = events;
        if (current == null && requestEnded) {
            Http1ServerStream own = new Http1ServerStream(this, "GET", 1, false);
            stream = own;
            handler.refuse(own, bad);
        } else if (to != null && current != null && !current.isAnswered()) {
            to.onBadRequest(bad);
        } else {
            abort();
            channel.close();
        }
    }

    /// The response of the current stream is written.
    ///
    /// @param keepAlive whether the connection may go on
    void responseEnded(boolean keepAlive) {
        stream = null;
        events = null;
        if (!keepAlive || isEnding()) {
            lastResponse();
        } else if (requestEnded) {
            nextIfDone();
        } else {
            unwanted = 0;
            deadline.in(settings.bodyTimeout());
            adjustReading();
        }
    }

    private void nextIfDone() {
        if (stream != null || !requestEnded || closing || !parser.isPaused()) {
            return;
        }
        if (draining) {
            lastResponse();
        } else if (channel.isWritable()) {
            deadline.in(settings.idleTimeout());
            parser.resume();
            if (stream == null && !parser.isBetweenMessages()) {
                deadline.in(settings.headerTimeout());
            }
            adjustReading();
        } // else the client has answers to take first, or StalledWriteHandler ends it
    }

    /// Closes such that the client can still read the answer: our side first, the rest when the
    /// client closes or lingers for too long (RFC 9112 9.6).
    private void lastResponse() {
        closing = true;
        deadline.in(settings.writeTimeout());
        parser.close();
        adjustReading();
        Barrier.whenDone(
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER),
                this,
                _ -> {
                    if (requestEnded
                            || connection.tls()
                            || !(channel instanceof DuplexChannel duplex)) {
                        channel.close();
                    } else {
                        duplex.shutdownOutput();
                        var _ =
                                Barrier.schedule(
                                        channel.eventLoop(), this, channel::close, LINGER_NANOS);
                    }
                });
    }

    /// The stream has become a tunnel (status 101).
    void tunnel() {
        requestEnded = false;
        deadline.none();
        wanted = true;
        adjustReading();
        parser.tunnel();
    }

    /// The response cannot be completed.
    void cut() {
        stream = null;
        events = null;
        channel.close();
    }

    private void timedOut() {
        if (closing) {
            channel.close(); // the client does not take the last answer
        } else if (stream == null && requestEnded && !parser.isBetweenMessages()) {
            onBadMessage(new BadMessage(408, "the request took too long to arrive"));
        } else if (stream != null && !requestEnded && channel.config().isAutoRead()) {
            abort();
            channel.close();
        } else if (stream == null) {
            channel.close();
        } else {
            deadline.in(settings.bodyTimeout());
        }
    }
}
