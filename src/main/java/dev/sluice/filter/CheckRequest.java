package dev.sluice.filter;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.sluice.engine.Exchange;
import dev.sluice.http.RequestHead;
import dev.sluice.net.Connection;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/// The message `envoy.service.auth.v3.CheckRequest`: `attributes` (1) of
/// `envoy.service.auth.v3.AttributeContext` with `source` (1), `destination` (2) and `request` (4).
final class CheckRequest {

    private CheckRequest() {}

    /// Writes fields of a message.
    private interface Writer {
        void write(CodedOutputStream out) throws IOException;
    }

    /// @param allowed fields that are told; empty for all
    /// @param body empty for none
    static byte[] encoded(Exchange exchange, List<String> allowed, byte[] body) {
        Connection connection = exchange.client().connection();
        return message(out ->
                nested(
                        out,
                        1,
                        context -> {
                            nested(context, 1, peer -> address(peer, connection.remote()));
                            nested(context, 2, peer -> address(peer, connection.local()));
                            nested(
                                    context,
                                    4,
                                    request ->
                                            nested(
                                                    request,
                                                    2,
                                                    http -> http(http, exchange, allowed, body)));
                        }));
    }

    private static byte[] message(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writer.write(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void nested(CodedOutputStream out, int field, Writer writer) throws IOException {
        out.writeBytes(field, ByteString.copyFrom(message(writer)));
    }

    /// `Peer`: `address` (1), its `socket_address` (1) with `address` (2) and `port_value` (3).
    private static void address(CodedOutputStream peer, InetSocketAddress of) throws IOException {
        nested(
                peer,
                1,
                address ->
                        nested(
                                address,
                                1,
                                socket -> {
                                    socket.writeString(2, of.getAddress().getHostAddress());
                                    socket.writeUInt32(3, of.getPort());
                                }));
    }

    /// `HttpRequest`: `method` (2), `headers` (3), `path` (4), `host` (5), `scheme` (6), `size`
    /// (9), `protocol` (10), `body` (11).
    private static void http(
            CodedOutputStream http, Exchange exchange, List<String> allowed, byte[] body)
            throws IOException {
        RequestHead request = exchange.request();
        http.writeString(2, request.method());
        for (String name : request.headers().names()) {
            if (allowed.isEmpty()
                    || name.equalsIgnoreCase("authorization")
                    || allowed.stream().anyMatch(name::equalsIgnoreCase)) {
                header(http, name, request.headers());
            }
        }
        http.writeString(4, request.target());
        http.writeString(5, request.authority());
        http.writeString(6, exchange.clientScheme());
        http.writeInt64(9, body.length);
        http.writeString(10, exchange.client().protocol());
        if (body.length > 0) {
            http.writeByteArray(11, body);
        }
    }

    /// An entry of the map: names in lower case, several values with commas between.
    private static void header(CodedOutputStream http, String name, HttpHeaders headers)
            throws IOException {
        nested(
                http,
                3,
                entry -> {
                    entry.writeString(1, name.toLowerCase(Locale.ROOT));
                    entry.writeString(2, String.join(",", headers.getAll(name)));
                });
    }
}
