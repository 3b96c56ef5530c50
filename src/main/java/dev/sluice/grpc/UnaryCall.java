package dev.sluice.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;

/// A call with one message each way, as gRPC puts it on HTTP/2 (grpc/doc/PROTOCOL-HTTP2.md).
public final class UnaryCall {

    /// The flag for compression and the length in front of a message, in bytes.
    private static final int PREFIX = 5;

    private static final String STATUS = "grpc-status";

    private UnaryCall() {}

    /// @param method as `/package.Service/Method`
    public static RequestHead head(String scheme, String authority, String method) {
        HttpHeaders fields = new HttpFields();
        fields.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
        fields.set(HttpHeaderNames.TE, "trailers");
        return new RequestHead("POST", scheme, authority, method, fields);
    }

    /// A message with its prefix, as a request's body.
    public static ByteBuffer body(MessageLite message) {
        byte[] bytes = message.toByteArray();
        return ByteBuffer.allocate(PREFIX + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .flip();
    }

    /// The message of a response.
    ///
    /// @throws UnaryCallException when the call failed, or its message cannot be read
    public static <T extends MessageLite> T message(
            ResponseHead head, ByteBuffer body, HttpHeaders trailers, Parser<T> parser)
            throws UnaryCallException {
        if (head.status() != 200) {
            throw new UnaryCallException("status " + head.status());
        }
        String status = trailers.get(STATUS, head.headers().get(STATUS));
        if (!"0".equals(status)) {
            throw new UnaryCallException(STATUS + " " + status);
        }
        if (body.remaining() < PREFIX || body.get(body.position()) != 0) {
            throw new UnaryCallException("no message, or a compressed one");
        }
        try {
            return parser.parseFrom(body.slice(PREFIX, body.remaining() - PREFIX));
        } catch (InvalidProtocolBufferException e) {
            throw new UnaryCallException("the message is malformed: " + e.getMessage());
        }
    }
}
