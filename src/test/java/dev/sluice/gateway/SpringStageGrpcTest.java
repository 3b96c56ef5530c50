package dev.sluice.gateway;

/// [GrpcContract] with every rule forced through the Spring stage.
class SpringStageGrpcTest extends GrpcContract {

    @Override
    TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
