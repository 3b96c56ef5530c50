package dev.sluice.engine;

import dev.sluice.http.Connection;
import dev.sluice.http.RequestHead;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/// `X-Forwarded-*` as backends see them. What a client sends in them is not trusted: it is replaced
/// by what we know of its connection.
final class ForwardedFields {

    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString PORT = AsciiString.cached("x-forwarded-port");

    private ForwardedFields() {}

    static void set(RequestHead request, Connection connection) {
        HttpHeaders headers = request.headers();
        headers.remove(FORWARDED);
        headers.remove(PORT);
        headers.set(FOR, connection.remoteHost());
        headers.set(PROTO, request.scheme());
        headers.set(HOST, request.authority());
    }
}
