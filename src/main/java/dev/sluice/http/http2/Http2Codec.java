package dev.sluice.http.http2;

import dev.sluice.http.MessageLimits;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;

/// Netty's codec of one HTTP/2 connection, with our bounds of what the peer may have us do and
/// hold.
public final class Http2Codec {

    /// Bytes of the table by which our header blocks are compressed (RFC 7541 4.2), whatever more
    /// the peer offers: it is held for each connection.
    private static final int TABLE = 4096;

    private final Http2Settings settings;
    private final FrameBudget budget;
    private final BoundedFrameReader reader;
    private final CountingFrameWriter writer;
    private final Http2ConnectionEncoder encoder;
    private final Http2ConnectionDecoder decoder;

    private Http2Codec(
            boolean server,
            Http2Settings settings,
            MessageLimits messageLimits,
            Http2Limits http2) {
        Http2Connection connection = new DefaultHttp2Connection(server);
        Long streams = settings.maxConcurrentStreams();
        if (streams != null) {
            connection.remote().maxActiveStreams(Math.toIntExact(streams));
        }
        this.settings = settings.maxHeaderListSize(messageLimits.header());
        budget = new FrameBudget(http2);
        reader =
                new BoundedFrameReader(
                        new DefaultHttp2FrameReader(new BoundedHeadersDecoder(messageLimits)),
                        budget,
                        server ? new ClosedStreams.Memory(connection) : null);
        writer = new CountingFrameWriter(new DefaultHttp2FrameWriter(new SmallTable()));
        encoder = new DefaultHttp2ConnectionEncoder(connection, writer);
        decoder =
                new DefaultHttp2ConnectionDecoder(
                        connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY);
    }

    /// Of a connection whose peer is a client.
    ///
    /// @param settings that it receives; the bound of its streams holds at once
    public static Http2Codec server(
            Http2Settings settings, MessageLimits messageLimits, Http2Limits http2) {
        return new Http2Codec(true, settings, messageLimits, http2);
    }

    /// Of a connection whose peer is a backend.
    ///
    /// @param settings that it receives
    public static Http2Codec client(
            Http2Settings settings, MessageLimits messageLimits, Http2Limits http2) {
        return new Http2Codec(false, settings, messageLimits, http2);
    }

    Http2Settings settings() {
        return settings;
    }

    FrameBudget budget() {
        return budget;
    }

    BoundedFrameReader reader() {
        return reader;
    }

    CountingFrameWriter writer() {
        return writer;
    }

    Http2ConnectionEncoder encoder() {
        return encoder;
    }

    Http2ConnectionDecoder decoder() {
        return decoder;
    }

    private static final class SmallTable extends DefaultHttp2HeadersEncoder {
        @Override
        public void maxHeaderTableSize(long max) throws Http2Exception {
            super.maxHeaderTableSize(Math.min(max, TABLE));
        }
    }
}
