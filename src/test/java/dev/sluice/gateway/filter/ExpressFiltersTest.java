package dev.sluice.gateway.filter;

import dev.sluice.fixture.gateway.TestGateway;

/// [FiltersContract] with rules without Spring filters.
class ExpressFiltersTest extends FiltersContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
