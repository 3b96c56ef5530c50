package dev.sluice.gateway;

import dev.sluice.fixture.gateway.TestGateway;

/// [ForwardingContract] with rules without Spring filters.
class ExpressForwardingTest extends ForwardingContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
