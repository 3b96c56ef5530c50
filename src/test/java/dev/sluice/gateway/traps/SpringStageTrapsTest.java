package dev.sluice.gateway.traps;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.ir.Timeouts;
import java.util.List;
import java.util.Map;

/// The traps through the Spring stage.
class SpringStageTrapsTest extends TrapsContract {

    @Override
    Served serve(RawBackend backend, Timeouts timeouts) {
        return SpringStageFixture.gateway().to(backend, timeouts);
    }

    @Override
    Served serve(RawBackend backend, Map<String, List<String>> originsByHost) {
        return SpringStageFixture.gateway().to(backend, originsByHost);
    }
}
