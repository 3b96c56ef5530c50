package dev.sluice.gateway.forward;

import dev.sluice.fixture.gateway.TestGateway;

/// [ForwardingContract] with rules without Spring filters.
class ExpressForwardingTest extends ForwardingContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
