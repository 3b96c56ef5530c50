package dev.sluice.engine;

import dev.sluice.http.Failure;
import dev.sluice.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/// A response that we make ourselves: short text with the reason, or no body.
///
/// @param head with Content-Length
/// @param text the body, empty for none
public record Answer(ResponseHead head, String text) {

    private static final String TEXT = "text/plain; charset=utf-8";

    /// A line of text.
    public static Answer text(int status, String line) {
        String body = line + "\n";
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, TEXT);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(ByteBufUtil.utf8Bytes(body)));
        return new Answer(new ResponseHead(status, headers), body);
    }

    /// The answer to a failure: the one place where failures become responses.
    public static Answer of(Failure failure) {
        return text(failure.status(), failure.reason());
    }

    /// A head without a body.
    public static Answer empty(int status) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_LENGTH, "0");
        return new Answer(new ResponseHead(status, headers), "");
    }

    /// The body's bytes.
    ByteBuf body() {
        return ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, text);
    }
}
