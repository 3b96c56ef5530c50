package dev.sluice.gateway;

import dev.sluice.ir.Timeouts;

/// The traps on express rules.
class ExpressTrapsTest extends TrapsContract {

    @Override
    Served serve(RawBackend backend, Timeouts timeouts) {
        return new TestGateway().to(backend, timeouts);
    }
}
