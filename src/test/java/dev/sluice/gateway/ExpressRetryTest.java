package dev.sluice.gateway;

/// [RetryContract] with rules without Spring filters.
class ExpressRetryTest extends RetryContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
