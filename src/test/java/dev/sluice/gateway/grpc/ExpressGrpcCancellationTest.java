package dev.sluice.gateway.grpc;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.ir.Upstream.Endpoint;

/// [GrpcCancellationContract] with rules without Spring filters.
class ExpressGrpcCancellationTest extends GrpcCancellationContract {

    @Override
    Served serve(Endpoint backend) {
        return new TestGateway().toGrpc(backend);
    }
}
