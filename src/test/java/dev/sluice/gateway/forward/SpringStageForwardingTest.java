package dev.sluice.gateway.forward;

import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.gateway.TestGateway;

/// [ForwardingContract] with every rule forced through the Spring stage.
class SpringStageForwardingTest extends ForwardingContract {

    @Override
    TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
