package dev.sluice.gateway.traps;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.ir.Timeouts;
import java.util.List;
import java.util.Map;

/// The traps on express rules.
class ExpressTrapsTest extends TrapsContract {

    @Override
    Served serve(RawBackend backend, Timeouts timeouts) {
        return new TestGateway().to(backend, timeouts);
    }

    @Override
    Served serve(RawBackend backend, Map<String, List<String>> originsByHost) {
        return new TestGateway().to(backend, originsByHost);
    }
}
