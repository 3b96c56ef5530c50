package dev.sluice.upstream.health;

import dev.sluice.grpc.Health.HealthCheckRequest;
import dev.sluice.grpc.Health.HealthCheckResponse;
import dev.sluice.grpc.Health.HealthCheckResponse.ServingStatus;
import dev.sluice.grpc.UnaryCall;
import dev.sluice.grpc.UnaryCallException;
import dev.sluice.http.RequestHead;
import dev.sluice.ir.HealthCheck.Probe;
import dev.sluice.upstream.pool.SideRequest;
import java.nio.ByteBuffer;

/// The standard health service of gRPC (`grpc.health.v1`).
record GrpcProbe(Probe.Grpc probe) implements ProbeRequest {

    private static final String CHECK = "/grpc.health.v1.Health/Check";

    @Override
    public RequestHead head(String scheme, String authority) {
        return UnaryCall.head(scheme, authority, CHECK);
    }

    @Override
    public ByteBuffer body() {
        return UnaryCall.body(HealthCheckRequest.newBuilder().setService(probe.service()).build());
    }

    @Override
    public String fault(SideRequest.FullResponse response) {
        try {
            ServingStatus status =
                    UnaryCall.message(
                                    response.head(),
                                    response.body(),
                                    response.trailers(),
                                    HealthCheckResponse.parser())
                            .getStatus();
            return status == ServingStatus.SERVING ? "" : "it does not say SERVING";
        } catch (UnaryCallException e) {
            return e.reason();
        }
    }
}
