package dev.sluice.gateway;

/// [FiltersContract] with every rule forced through the Spring stage.
class SpringStageFiltersTest extends FiltersContract {

    @Override
    TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
