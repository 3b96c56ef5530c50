package dev.sluice.gateway;

import dev.sluice.fixture.gateway.TestGateway;

/// [RetryContract] with rules without Spring filters.
class ExpressRetryTest extends RetryContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
