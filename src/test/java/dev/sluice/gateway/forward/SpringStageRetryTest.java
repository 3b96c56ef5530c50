package dev.sluice.gateway.forward;

import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.gateway.TestGateway;

/// [RetryContract] with every rule forced through the Spring stage.
class SpringStageRetryTest extends RetryContract {

    @Override
    public TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
