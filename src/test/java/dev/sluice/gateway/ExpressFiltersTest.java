package dev.sluice.gateway;

/// [FiltersContract] with rules without Spring filters.
class ExpressFiltersTest extends FiltersContract {

    @Override
    TestGateway gateway() {
        return new TestGateway();
    }
}
