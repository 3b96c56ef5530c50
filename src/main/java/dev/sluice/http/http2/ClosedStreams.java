package dev.sluice.http.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/// Refuses heads on streams that cannot take one (RFC 9113 5.1, 5.1.1): the codec keeps no memory
/// of how streams ended. What comes behind a reset may have been on its way and ends its stream
/// only; behind an end that both sides know, or for a stream that never was, it ends the
/// connection.
final class ClosedStreams extends Http2FrameListenerDecorator {

    /// The streams of a server whose end is remembered.
    static final class Memory extends Http2ConnectionAdapter {

        private static final int MOST = 64;

        private final Http2Connection connection;
        private final int[] ended = new int[MOST];
        private int count;

        Memory(Http2Connection connection) {
            this.connection = connection;
            connection.addListener(this);
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            boolean well = !stream.isResetSent() && stream.isHeadersSent();
            ended[count % MOST] = well ? stream.id() : -stream.id();
            count++;
        }

        void check(int id) throws Http2Exception {
            Http2Stream stream = connection.stream(id);
            if (stream != null) {
                if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
                    throw Http2Exception.streamError(
                            id, Http2Error.STREAM_CLOSED, "a head behind the end of a request");
                }
                return;
            }
            if (!connection.streamMayHaveExisted(id)) {
                return; // the codec opens it
            }
            for (int i = 0; i < Math.min(count, MOST); i++) {
                if (ended[i] == -id) {
                    return; // the codec resets it
                }
                if (ended[i] == id) {
                    throw Http2Exception.connectionError(
                            Http2Error.STREAM_CLOSED, "a head on stream %d, which has ended", id);
                }
            }
            if (count <= MOST) {
                throw Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "stream %d is below one that was opened", id);
            }
        }
    }

    private final Memory memory;

    ClosedStreams(Http2FrameListener codec, Memory memory) {
        super(codec);
        this.memory = memory;
    }

    /// Whether it stands before that part of the codec.
    boolean isOf(Http2FrameListener codec) {
        return listener.equals(codec); // listeners are equal when they are the same
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int padding,
            boolean end)
            throws Http2Exception {
        memory.check(stream);
        super.onHeadersRead(context, stream, headers, padding, end);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        memory.check(stream);
        super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, end);
    }
}
