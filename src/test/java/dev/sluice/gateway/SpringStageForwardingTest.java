package dev.sluice.gateway;

/// [ForwardingContract] with every rule forced through the Spring stage.
class SpringStageForwardingTest extends ForwardingContract {

    @Override
    TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
