package dev.sluice.gateway.grpc;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.ir.Upstream.Endpoint;

/// [GrpcContract] with rules without Spring filters.
class ExpressGrpcTest extends GrpcContract {

    @Override
    public Served serve(Endpoint backend) {
        return new TestGateway(FROM_PROXY).toGrpc(backend);
    }
}
