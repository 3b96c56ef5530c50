package dev.sluice.gateway;

/// [RetryContract] with every rule forced through the Spring stage.
class SpringStageRetryTest extends RetryContract {

    @Override
    TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
