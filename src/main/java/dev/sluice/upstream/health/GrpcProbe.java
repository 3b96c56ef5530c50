package dev.sluice.upstream.health;

import dev.sluice.http.HttpFields;
import dev.sluice.http.RequestHead;
import dev.sluice.ir.HealthCheck.Probe;
import dev.sluice.upstream.pool.SideRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The standard health service of gRPC (`grpc.health.v1`).
record GrpcProbe(Probe.Grpc probe) implements ProbeRequest {

    private static final String HEALTH = "/grpc.health.v1.Health/Check";

    /// Compressed flag and length in front of a message of gRPC.
    private static final int PREFIX = 5;

    /// `HealthCheckResponse{status: SERVING}`, framed.
    private static final byte[] SERVING = {0, 0, 0, 0, 2, 0x08, 0x01};

    @Override
    public RequestHead head(String scheme, String authority) {
        HttpHeaders fields = new HttpFields();
        fields.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
        fields.set(HttpHeaderNames.TE, "trailers");
        return new RequestHead("POST", scheme, authority, HEALTH, fields);
    }

    /// `HealthCheckRequest`, framed: its one field is the name, of at most 127 bytes.
    @Override
    public ByteBuffer body() {
        byte[] name = probe.service().getBytes(StandardCharsets.UTF_8);
        int length = name.length == 0 ? 0 : name.length + 2;
        ByteBuffer message = ByteBuffer.allocate(PREFIX + length).put((byte) 0).putInt(length);
        if (length > 0) {
            message.put((byte) 0x0a).put((byte) name.length).put(name);
        }
        return message.flip();
    }

    @Override
    public String fault(SideRequest.FullResponse response) {
        if (response.head().status() != 200) {
            return "status " + response.head().status();
        }
        String status = response.trailers().get("grpc-status");
        if (status == null) {
            status = response.head().headers().get("grpc-status");
        }
        if (!"0".equals(status)) {
            return "grpc-status " + status;
        }
        return response.body().equals(ByteBuffer.wrap(SERVING)) ? "" : "it does not say SERVING";
    }
}
