package dev.sluice.server;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.Failure;
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
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// A client's HTTP/1.1 connection: one request after the other, each a [Http1ServerStream].
/// Requests that come before the last answer is out (pipelining) wait in the parser.
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter
        implements Http1Parser.Sink, ServerConnection, Barrier.Owner {

    /// Bytes of a body that are read after the answer, so that the connection can go on.
    private static final int MAX_UNWANTED = 64 * 1024;

    private final RequestHandler handler;
    private final ServerSettings settings;
    private final Connection connection;
    private final Channel channel;
    private final Http1Parser parser;
    private final Deadline deadline;
    private final Http1Reading reading;
    private final LingeringClose close;
    private @Nullable Http1ServerStream stream;
    private @Nullable RequestEvents events;
    private boolean requestEnded = true;
    private boolean expects;
    private int unwanted;
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
        this.reading = new Http1Reading(channel, parser, this, this::goOn);
        this.close = new LingeringClose(channel, this, this::adjustReading);
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
        reading.want(more);
        adjustReading();
    }

    private void adjustReading() {
        reading.adjust(closing || stream == null && !requestEnded, !requestEnded);
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
            close.discard((ByteBuf) message);
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
        boolean keepAlive = Http1Requests.keepsAlive(requestLine, httpFields);
        RequestHead head =
                Http1Requests.head(requestLine, httpFields, connection, settings.upgrades());
        boolean end = framing == Http1Parser.NO_BODY;
        requestEnded = end;
        reading.want(true);
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

    private void lastResponse() {
        closing = true;
        deadline.in(settings.writeTimeout());
        parser.close();
        adjustReading();
        close.begin(!requestEnded && !connection.tls());
    }

    /// The stream has become a tunnel (status 101).
    void tunnel() {
        requestEnded = false;
        deadline.none();
        read(true);
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
