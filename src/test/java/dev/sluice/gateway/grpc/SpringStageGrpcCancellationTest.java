package dev.sluice.gateway.grpc;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.ir.Upstream.Endpoint;

/// [GrpcCancellationContract] with every rule forced through the Spring stage.
class SpringStageGrpcCancellationTest extends GrpcCancellationContract {

    @Override
    Served serve(Endpoint backend) {
        return SpringStageFixture.gateway().toGrpc(backend);
    }
}
