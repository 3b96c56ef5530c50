package dev.sluice.http.http1;

import dev.sluice.http.BadMessage;
import dev.sluice.http.HttpFields;
import dev.sluice.http.HttpSyntax;
import io.netty.handler.codec.http.HttpHeaderNames;

/// How long a message's body is (RFC 9112 6.3), and what makes that doubtful.
public final class Framing {

    private Framing() {}

    /// The framing of a request's body.
    ///
    /// @param minor minor version of HTTP/1
    public static long ofRequest(HttpFields headers, int minor) throws BadMessage {
        boolean coded = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
        boolean sized = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (coded) {
            // RFC 9112 6.1: both together, or in HTTP/1.0, is a sign of request smuggling.
            if (sized) {
                throw new BadMessage(
                        400, "Transfer-Encoding and Content-Length exclude each other");
            }
            if (minor == 0) {
                throw new BadMessage(400, "Transfer-Encoding is not part of HTTP/1.0");
            }
            if (!isChunked(headers)) {
                throw new BadMessage(501, "the only transfer coding understood is chunked");
            }
            return Http1Parser.CHUNKED;
        }
        return sized ? contentLength(headers) : Http1Parser.NO_BODY;
    }

    /// The framing of a response's body.
    ///
    /// @param method of the request that it answers
    public static long ofResponse(HttpFields headers, int status, String method) throws BadMessage {
        if (status == 101) {
            return Http1Parser.TUNNEL;
        }
        if (status < 200 || status == 204 || status == 304 || method.equals("HEAD")) {
            return Http1Parser.NO_BODY;
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                throw new BadMessage(
                        502, "Transfer-Encoding and Content-Length exclude each other");
            }
            if (!isChunked(headers)) {
                throw new BadMessage(502, "the only transfer coding understood is chunked");
            }
            return Http1Parser.CHUNKED;
        }
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                ? contentLength(headers)
                : Http1Parser.UNTIL_CLOSE;
    }

    private static boolean isChunked(HttpFields headers) {
        return headers.count(HttpHeaderNames.TRANSFER_ENCODING) == 1
                && "chunked".equalsIgnoreCase(headers.get(HttpHeaderNames.TRANSFER_ENCODING));
    }

    private static long contentLength(HttpFields headers) throws BadMessage {
        if (headers.count(HttpHeaderNames.CONTENT_LENGTH) != 1) {
            throw new BadMessage(400, "there are several Content-Length fields");
        }
        String value = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        long length = value == null ? -1 : HttpSyntax.contentLength(value);
        if (length < 0) {
            throw new BadMessage(400, "Content-Length is not a number");
        }
        return length;
    }
}
