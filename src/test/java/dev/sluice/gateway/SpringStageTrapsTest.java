package dev.sluice.gateway;

/// The traps through the Spring stage.
class SpringStageTrapsTest extends TrapsContract {

    @Override
    TestGateway gateway() {
        return SpringStageFixture.gateway();
    }
}
