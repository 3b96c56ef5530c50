package dev.sluice.engine;

import dev.sluice.http.Failure;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseEvents;
import dev.sluice.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A response that we make ourselves: short text with the reason, or no body.
///
/// @param head with Content-Length
/// @param text the body, empty for none
/// @param ifNoFallback whether the fallback of the backend answers where it has one
public record LocalReply(ResponseHead head, String text, boolean ifNoFallback) {

    private static final String GRPC = "application/grpc";
    public static final String TEXT = "text/plain; charset=utf-8";

    private LocalReply(ResponseHead head, String text) {
        this(head, text, false);
    }

    /// The same where the backend has no fallback; where it has one, that answers.
    public LocalReply unlessFallback() {
        return new LocalReply(head, text, true);
    }

    /// A line of text.
    public static LocalReply text(int status, String line) {
        return of(status, TEXT, line + "\n");
    }

    /// A text of a type.
    public static LocalReply of(int status, String type, String body) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, type);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(ByteBufUtil.utf8Bytes(body)));
        return new LocalReply(new ResponseHead(status, headers), body);
    }

    /// The answer to a failure: the one place where failures become responses. A gRPC client gets a
    /// status of gRPC.
    public static LocalReply of(Failure failure, RequestHead request) {
        return failure == Failure.CANCELLED && isGrpc(request)
                ? grpc(1, failure.reason()) // CANCELLED, as gRPC reads such a reset
                : error(failure.status(), failure.reason(), request);
    }

    /// An answer that says what went wrong, in the words of the client's protocol.
    public static LocalReply error(int status, String reason, RequestHead request) {
        return isGrpc(request) ? grpc(grpcStatus(status), reason) : text(status, reason);
    }

    private static boolean isGrpc(RequestHead request) {
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.startsWith(GRPC);
    }

    /// A response that is only trailers, in the place of the head.
    private static LocalReply grpc(int code, String reason) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, GRPC);
        headers.set("grpc-status", Integer.toString(code));
        headers.set("grpc-message", percentEncoded(reason));
        return new LocalReply(new ResponseHead(200, headers), "");
    }

    /// As gRPC's `Percent-Encoded`: all but printable ASCII, and the percent sign.
    private static String percentEncoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                out.append((char) b);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    /// Code of gRPC for a status of HTTP, as in gRPC's `http-grpc-status-mapping`, but for
    /// time-outs and rate limits, which have codes of their own.
    private static int grpcStatus(int status) {
        return switch (status) {
            case 400 -> 13; // INTERNAL
            case 401 -> 16; // UNAUTHENTICATED
            case 403 -> 7; // PERMISSION_DENIED
            case 404 -> 12; // UNIMPLEMENTED
            case 429 -> 8; // RESOURCE_EXHAUSTED, as rate limits are reported
            case 502, 503 -> 14; // UNAVAILABLE
            case 504 -> 4; // DEADLINE_EXCEEDED
            case 500 -> 13; // INTERNAL
            default -> 2; // UNKNOWN
        };
    }

    /// A head without a body.
    public static LocalReply empty(int status) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_LENGTH, "0");
        return new LocalReply(new ResponseHead(status, headers), "");
    }

    /// Takes the place of a backend's response.
    ///
    /// @param method of the request: HEAD gets no body
    public void send(ResponseEvents to, String method) {
        boolean end = text.isEmpty() || method.equals("HEAD");
        to.onResponseHead(head, end);
        if (!end) {
            to.onResponseData(body(), true);
        }
    }

    /// The body's bytes.
    public ByteBuf body() {
        return ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, text);
    }
}
