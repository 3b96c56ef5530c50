package dev.sluice.http.http2;

import dev.sluice.barrier.Barrier;
import dev.sluice.http.BadMessage;
import dev.sluice.http.Failure;
import dev.sluice.net.IoErrors;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An HTTP/2 connection of either side: Netty's frame codec, with each stream's frames handed to
/// its [Http2StreamHandler].
///
/// The windows bound what a peer can make us hold: a stream's bytes count against its own window
/// and the connection's until our reader wants more.
public abstract class Http2Endpoint extends Http2Turns {

    /// Bytes of one stream that may be on their way to a slow reader.
    public static final int STREAM_WINDOW = 256 * 1024;

    /// The same of all streams of a connection.
    private static final int CONNECTION_WINDOW = 2 * 1024 * 1024;

    private final Http2Connection.PropertyKey key;
    private final List<Http2StreamHandler> touched = new ArrayList<>();
    private long taken;
    private boolean windowGrown;

    /// @param codec that nothing else uses
    protected Http2Endpoint(Http2Codec codec) {
        super(codec);
        key = codec.decoder().connection().newKey();
    }

    /// A peer opens a stream. Only servers get this.
    ///
    /// @param end whether the message ends with its head
    /// @return the new stream's handler, null when it was refused
    /// @throws Http2Exception when the head is malformed
    protected abstract @Nullable Http2StreamHandler onOpen(
            Http2Stream stream, Http2Headers headers, boolean end) throws Http2Exception;

    /// The peer has sent its preface, or changes its settings.
    protected void onPrefaceRead() {}

    /// The peer will take no new streams.
    protected void onGoAway() {}

    /// A stream is over.
    protected void onStreamOver() {}

    /// A stream that a peer opens is reset before it has a handler: its head is malformed or too
    /// large, or there are too many streams. Only servers get this.
    protected void onRefused(BadMessage bad) {}

    protected final void attach(Http2Stream stream, Http2StreamHandler flow) {
        stream.setProperty(key, flow);
    }

    public final Channel channel() {
        return context().channel();
    }

    private @Nullable Http2StreamHandler flow(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    private void touch(Http2StreamHandler flow) {
        if (!flow.isTouched()) {
            flow.touched(true);
            touched.add(flow);
        }
    }

    /// Sends what was written, at once or with the rest of what the current read brings about.
    final void flushSoon() {
        if (!isReading()) {
            flush(context());
        }
    }

    final void consume(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        gracefulShutdownTimeoutMillis(-1); // the caller that ends a connection closes it
        decoder().frameListener(new Frames());
        connection().addListener(new Streams());
        encoder().flowController().listener(this::writabilityChanged);
        super.handlerAdded(added);
        if (added.channel().isActive()) {
            growWindow();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) throws Exception {
        super.channelActive(active);
        growWindow();
        flush(active);
    }

    private void growWindow() throws Http2Exception {
        if (!windowGrown) {
            windowGrown = true;
            Http2Stream whole = connection().connectionStream();
            int now = decoder().flowController().windowSize(whole);
            decoder().flowController().incrementWindowSize(whole, CONNECTION_WINDOW - now);
        }
    }

    private void writabilityChanged(Http2Stream stream) {
        Http2StreamHandler flow = flow(stream);
        if (flow == null) {
            return;
        }
        if (flow.isWritable()) {
            Barrier.run(flow, flow::onWritable);
        }
    }

    /// All streams that are open.
    protected final void forEachFlow(Consumer<Http2StreamHandler> action) {
        List<Http2StreamHandler> open = new ArrayList<>();
        try {
            connection()
                    .forEachActiveStream(stream -> {
                        Http2StreamHandler flow = flow(stream);
                        if (flow != null) {
                            open.add(flow);
                        }
                        return true;
                    });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e); // none of the above throws it
        }
        open.forEach(flow -> Barrier.run(flow, () -> action.accept(flow)));
    }

    /// Bytes of bodies that the peer has taken, of all streams.
    public final long taken() {
        return taken;
    }

    @Override
    void sent(int streamId, int bytes) {
        super.sent(streamId, bytes);
        taken += bytes;
        Http2StreamHandler flow = flow(connection().stream(streamId));
        if (flow != null) {
            flow.sent(bytes);
        }
    }

    private void end(Http2StreamHandler flow) {
        try {
            flow.readComplete();
        } catch (Http2Exception e) {
            onError(context(), false, e);
        }
    }

    @Override
    void turnEnds() {
        boolean more = mayReset();
        List<Http2StreamHandler> now = List.copyOf(touched);
        touched.clear();
        for (Http2StreamHandler flow : now) {
            if (more && flow.mayWait()) {
                touched.add(flow); // the reset of what has just been opened may be next
            } else {
                flow.touched(false);
                Barrier.run(flow, () -> end(flow));
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        // Errors of the protocol have been answered by the codec.
        if (!IoErrors.isOne(cause)) {
            Barrier.report(place(), cause);
        }
        from.close();
    }

    @Override
    final void onStreamError(Http2Exception.StreamException error) {
        int id = error.streamId();
        Http2Stream stream = connection().stream(id);
        Http2StreamHandler flow = flow(stream);
        if (flow != null) {
            Barrier.run(flow, () -> flow.onBadMessage(bad(error)));
        } else if (connection().isServer()
                && (stream != null || !connection().streamMayHaveExisted(id))) {
            Barrier.run(this, () -> onRefused(bad(error)));
        }
    }

    private static BadMessage bad(Http2Exception.StreamException error) {
        int status =
                switch (error) {
                    case Http2Exception.HeaderListSizeException _ ->
                            Failure.HEADER_TOO_LARGE.status();
                    case Http2Exception of when of.error() == Http2Error.REFUSED_STREAM ->
                            Failure.TOO_MANY_STREAMS.status();
                    default -> Failure.BAD_REQUEST.status();
                };
        return new BadMessage(status, String.valueOf(error.getMessage()));
    }

    /// Our handling of one frame: what goes wrong in it ends its stream, and no other.
    private void guarded(int streamId, FrameEvent event) throws Http2Exception {
        try {
            event.run();
        } catch (Http2Exception protocol) {
            throw protocol;
        } catch (Throwable error) {
            Barrier.report(place(), error);
            resetStream(
                    context(), streamId, Http2Error.INTERNAL_ERROR.code(), context().newPromise());
            flushSoon();
        }
    }

    @FunctionalInterface
    private interface FrameEvent {
        void run() throws Http2Exception;
    }

    private void head(Http2Stream stream, Http2Headers headers, boolean end) throws Http2Exception {
        Http2StreamHandler known = flow(stream);
        if (known != null) {
            touch(known);
            known.headers(headers, end);
            return;
        }
        Http2StreamHandler opened = onOpen(stream, headers, end);
        if (opened != null) {
            touch(opened);
        }
    }

    private final class Frames extends Http2FrameAdapter {

        @Override
        public void onSettingsRead(ChannelHandlerContext from, Http2Settings settings) {
            onPrefaceRead();
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext from,
                int streamId,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end)
                throws Http2Exception {
            onHeadersRead(from, streamId, headers, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext from,
                int streamId,
                Http2Headers headers,
                int padding,
                boolean end)
                throws Http2Exception {
            Http2Stream stream = connection().stream(streamId);
            if (stream != null) {
                guarded(streamId, () -> head(stream, headers, end));
            }
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext from, int streamId, ByteBuf data, int padding, boolean end) {
            int size = data.readableBytes() + padding;
            Http2StreamHandler flow = flow(connection().stream(streamId));
            if (flow == null) {
                return size;
            }
            touch(flow);
            try {
                return flow.received(from.alloc(), data, size, end);
            } catch (Throwable error) {
                Barrier.failed(flow, error);
                return size;
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int streamId, long errorCode) {
            Http2StreamHandler flow = flow(connection().stream(streamId));
            if (flow != null) {
                Barrier.run(flow, () -> flow.reset(errorCode));
            }
        }
    }

    private final class Streams extends Http2ConnectionAdapter {

        @Override
        public void onStreamClosed(Http2Stream stream) {
            Http2StreamHandler flow = stream.removeProperty(key);
            if (flow != null) {
                if (!stream.isResetSent() && !flow.isReset()) {
                    budget().completed();
                }
                Barrier.run(flow, flow::onClosed);
                Barrier.run(Http2Endpoint.this, Http2Endpoint.this::onStreamOver);
            }
        }

        @Override
        public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
            Barrier.run(Http2Endpoint.this, Http2Endpoint.this::onGoAway);
        }
    }
}
