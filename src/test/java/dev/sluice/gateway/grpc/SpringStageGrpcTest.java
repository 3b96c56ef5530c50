package dev.sluice.gateway.grpc;

import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.upstream.UpstreamSettings;

/// [GrpcContract] with every rule forced through the Spring stage.
class SpringStageGrpcTest extends GrpcContract {

    @Override
    public Served serve(Endpoint backend) {
        return SpringStageFixture.gateway(
                        FROM_PROXY, UpstreamSettings.DEFAULT, RulePolicies.NONE, Observer.NONE)
                .toGrpc(backend);
    }
}
