package dev.sluice.gateway;

import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.gateway.TestGateway;

/// [RetryContract] with every rule forced through the Spring stage.
class SpringStageRetryTest extends RetryContract {

    @Override
    TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
