package dev.sluice.gateway;

/// [GrpcContract] with rules without Spring filters.
class ExpressGrpcTest extends GrpcContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
