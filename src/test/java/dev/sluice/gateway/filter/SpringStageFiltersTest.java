package dev.sluice.gateway.filter;

import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.gateway.TestGateway;

/// [FiltersContract] with every rule forced through the Spring stage.
class SpringStageFiltersTest extends FiltersContract {

    @Override
    TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
