package dev.sluice.http.http2;

import dev.sluice.http.MessageLimits;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/// Decodes header blocks within [MessageLimits]: bytes as decoded, with 32 for each field (RFC 9113
/// 6.5.2), and fields, of which a cookie crumb is one. A byte of a block can stand for a field of
/// any size, so that the size of a block bounds nothing: what is beyond a limit is never stored.
///
/// A block beyond a limit is decoded to its end, for the tables of HPACK have to stay in step, and
/// answered with 431.
final class BoundedHeadersDecoder extends DefaultHttp2HeadersDecoder {

    private final int most;

    BoundedHeadersDecoder(MessageLimits messageLimits) {
        super(true, messageLimits.header());
        this.most = messageLimits.fields();
    }

    @Override
    protected Http2Headers newHeaders() {
        return new LimitedHeaders(most, numberOfHeadersGuess());
    }

    @Override
    public Http2Headers decodeHeaders(int stream, ByteBuf block) throws Http2Exception {
        try {
            return super.decodeHeaders(stream, block);
        } catch (Http2Exception e) {
            if (e.getCause() instanceof TooMany) {
                throw Http2Exception.headerListSizeError(
                        stream,
                        Http2Error.PROTOCOL_ERROR,
                        true,
                        "the header has more fields than %d",
                        most);
            }
            throw e;
        }
    }

    /// Without a stack trace: it is the sender's fault, and cheap to provoke.
    private static final class TooMany extends IllegalArgumentException {
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class LimitedHeaders extends DefaultHttp2Headers {

        private int left;

        LimitedHeaders(int most, int sizeHint) {
            super(true, true, sizeHint);
            this.left = most;
        }

        /// The one way in which the decoder adds a field.
        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            if (Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(name)) {
                return super.add(name, value);
            }
            if (left == 0) {
                throw new TooMany();
            }
            left--;
            return super.add(name, value);
        }
    }
}
