package dev.sluice.gateway;

import dev.sluice.ir.Upstream.Endpoint;

/// [GrpcContract] with every rule forced through the Spring stage.
class SpringStageGrpcTest extends GrpcContract {

    @Override
    Served serve(Endpoint backend) {
        return SpringStageFixture.gateway().toGrpc(backend);
    }
}
