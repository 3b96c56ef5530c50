package dev.sluice.gateway.forward;

import dev.sluice.fixture.gateway.TestGateway;

/// [RetryContract] with rules without Spring filters.
class ExpressRetryTest extends RetryContract {

    @Override
    public TestGateway gateway() {
        return new TestGateway();
    }
}
