package dev.sluice.gateway;

/// The traps on express rules.
class ExpressTrapsTest extends TrapsContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
