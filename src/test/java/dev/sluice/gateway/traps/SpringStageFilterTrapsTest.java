package dev.sluice.gateway.traps;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.ir.HttpFilter;
import java.util.Map;

/// [FilterTrapsContract] through the Spring stage, which rules with such filters take.
class SpringStageFilterTrapsTest extends FilterTrapsContract {

    @Override
    Served serve(RawBackend backend, String factory, Map<String, String> args) {
        return SpringStageFixture.gateway()
                .to(backend, new HttpFilter.Spring("test", factory, args));
    }
}
