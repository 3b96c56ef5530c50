package dev.sluice.gateway.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.Fault.Unexpected;
import dev.sluice.fixture.gateway.SpringStageFixture;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.HttpFilter;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// [BarrierContract] with every rule forced through the Spring stage.
class SpringStageBarrierTest extends BarrierContract {

    @Override
    TestGateway gateway(
            ServerSettings settings,
            UpstreamSettings upstream,
            RulePolicies policies,
            Observer observer) {
        return SpringStageFixture.gateway(settings, upstream, policies, observer);
    }

    @ParameterizedTest
    @CsvSource({
        "RUNTIME_EXCEPTION, false",
        "STACK_OVERFLOW, false",
        "LINKAGE_ERROR, false",
        "RUNTIME_EXCEPTION, true",
        "STACK_OVERFLOW, true",
        "LINKAGE_ERROR, true",
    })
    void filterOfAUser_endsItsRequest(Unexpected error, boolean late) throws Exception {
        HttpFilter filter =
                new HttpFilter.Spring(
                        "test",
                        "Failing",
                        Map.of("error", error.name(), "late", Boolean.toString(late)));
        try (RawBackend backend = RawBackend.saying("fine");
                TestGateway gateway =
                        gateway(ServerSettings.DEFAULT, FEW, RulePolicies.NONE, Observer.NONE)
                                .to(backend, filter)) {
            for (int i = 0; i < 2 * CONNECTIONS; i++) {
                try (RawClient client = gateway.client()) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Fail: 1\r\n\r\n");
                    assertThat(client.read().status()).isEqualTo(500);
                }
            }
            assertGivenBack(gateway);
        }
    }
}
