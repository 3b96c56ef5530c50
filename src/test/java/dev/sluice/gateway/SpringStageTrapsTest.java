package dev.sluice.gateway;

import dev.sluice.ir.Timeouts;

/// The traps through the Spring stage.
class SpringStageTrapsTest extends TrapsContract {

    @Override
    Served serve(RawBackend backend, Timeouts timeouts) {
        return SpringStageFixture.gateway().to(backend, timeouts);
    }
}
