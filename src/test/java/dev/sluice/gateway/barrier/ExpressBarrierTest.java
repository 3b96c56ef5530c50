package dev.sluice.gateway.barrier;

import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;

/// [BarrierContract] with rules without Spring filters.
class ExpressBarrierTest extends BarrierContract {

    @Override
    TestGateway gateway(
            ServerSettings settings,
            UpstreamSettings upstream,
            RulePolicies policies,
            Observer observer) {
        return new TestGateway(settings, upstream, _ -> null, policies, observer);
    }
}
