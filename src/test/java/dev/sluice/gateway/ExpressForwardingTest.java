package dev.sluice.gateway;

/// [ForwardingContract] with rules without Spring filters.
class ExpressForwardingTest extends ForwardingContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
