package dev.sluice.filter;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.engine.Exchange;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.ir.HttpFilter;
import dev.sluice.upstream.pool.SideRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Asks by `envoy.service.auth.v3.Authorization/Check`.
///
/// @param filter the settings
record GrpcAuthProtocol(HttpFilter.AuthProtocol.Grpc filter) implements ExternalAuthProtocol {

    private static final String CHECK = "/envoy.service.auth.v3.Authorization/Check";

    /// Compressed flag and length in front of a message.
    private static final int PREFIX = 5;

    @Override
    public CheckMessage message(Exchange exchange, byte[] body) {
        byte[] message = CheckRequest.encoded(exchange, filter.allowedHeaders(), body);
        ByteBuffer framed =
                ByteBuffer.allocate(PREFIX + message.length)
                        .put((byte) 0)
                        .putInt(message.length)
                        .put(message)
                        .flip();
        HttpHeaders fields = new HttpFields();
        fields.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
        fields.set(HttpHeaderNames.TE, "trailers");
        return new CheckMessage(
                new RequestHead("POST", "http", "authorization", CHECK, fields), framed);
    }

    @Override
    public CheckResult result(SideRequest.FullResponse fullResponse) {
        String status = fullResponse.trailers().get("grpc-status");
        if (status == null) {
            status = fullResponse.head().headers().get("grpc-status");
        }
        ByteBuffer body = fullResponse.body();
        if (fullResponse.head().status() != 200 || !"0".equals(status)) {
            return new Unclear(
                    "status " + fullResponse.head().status() + ", grpc-status " + status);
        }
        if (body.remaining() < PREFIX || body.get(0) != 0) {
            return new Unclear("no message, or a compressed one");
        }
        try {
            CheckResponse response =
                    CheckResponse.decoded(
                            CodedInputStream.newInstance(
                                    body.slice(PREFIX, body.remaining() - PREFIX)));
            return response.isOk()
                    ? new Allowed(response::change, response.responseFields())
                    : new Denied(denied(response));
        } catch (InvalidProtocolBufferException e) {
            return new Unclear("the message is malformed: " + e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    private static LocalReply denied(CheckResponse response) {
        int status = response.status() == 0 ? 403 : response.status();
        LocalReply localReply = LocalReply.of(status, LocalReply.TEXT, response.body());
        response.change(localReply.head().headers());
        return localReply;
    }
}
