package dev.sluice.forward;

import dev.sluice.http.ResponseHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// What a response of gRPC says of its backend, as a status of HTTP: its own status is 200 whatever
/// has happened.
final class GrpcStatus {

    private static final String FIELD = "grpc-status";
    private static final int OK = 200;

    private GrpcStatus() {}

    /// Whether the head leaves open what the response says: that comes with its end.
    static boolean isOpen(ResponseHead head, boolean end) {
        return !end && head.status() == OK && isGrpc(head) && !head.headers().contains(FIELD);
    }

    private static boolean isGrpc(ResponseHead head) {
        String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.startsWith("application/grpc");
    }

    /// What a head says.
    static int of(ResponseHead head) {
        return head.status() == OK && isGrpc(head) ? of(head.headers()) : head.status();
    }

    /// What trailers say, or a head in place of them.
    static int of(HttpHeaders fields) {
        return ofCode(fields.get(FIELD));
    }

    /// Codes that say that the server has failed, and not what was asked of it.
    private static int ofCode(@Nullable String code) {
        return switch (code) {
            case "2", "13", "15" -> 500; // UNKNOWN, INTERNAL, DATA_LOSS
            case "14" -> 503; // UNAVAILABLE
            case "4" -> 504; // DEADLINE_EXCEEDED
            case null, default -> OK;
        };
    }
}
