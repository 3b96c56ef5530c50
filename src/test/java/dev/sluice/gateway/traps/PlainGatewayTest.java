package dev.sluice.gateway.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.gateway.forward.RetryContract;
import dev.sluice.gateway.grpc.GrpcContract;
import dev.sluice.ir.Retry;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Upstream.Endpoint;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/// The traps are real: each test of the [TrapsContract] and the [FilterTrapsContract], and those
/// named here of others, fails on a plain Spring Cloud Gateway, but for those that are listed here.
class PlainGatewayTest {

    /// What Spring Cloud Gateway 5.0.3 does as we do, beside the traps.
    private static final Set<String> NO_TRAP =
            Set.of(
                    "caseOfFieldNames_isKept()",
                    "target_reachesTheBackendAsSent(String) [9] target = \"/a%252Fb;v=1\"",
                    "target_reachesTheBackendAsSent(String) [10] target = \"/a/%2e%2ea\"",
                    "target_reachesTheBackendAsSent(String) [11] target = \"/?a=b?c=/../d\"");

    private static final ResourceLeakDetector.Level LEVEL = ResourceLeakDetector.getLevel();

    // Not found by their names, since they fail.

    static final class PlainGatewayTraps extends TrapsContract {

        @Override
        Served serve(RawBackend backend, Timeouts timeouts) {
            return PlainGateway.serve(backend.endpoint(), timeouts);
        }

        @Override
        Served serve(RawBackend backend, Map<String, List<String>> originsByHost) {
            return PlainGateway.serve(backend, originsByHost);
        }
    }

    static final class PlainFilterTraps extends FilterTrapsContract {

        @Override
        Served serve(RawBackend backend, String factory, Map<String, String> args) {
            return PlainGateway.serve(
                    backend.endpoint(), Timeouts.NONE, PlainGateway.filter(factory, args));
        }
    }

    static final class PlainRetry extends RetryContract {

        @Override
        public TestGateway gateway() {
            throw new IllegalStateException("not for what is tested here");
        }

        @Override
        public Served serve(RawBackend backend, Retry retry, Timeouts timeouts) {
            Map<String, String> args =
                    Map.of(
                            "retries", String.valueOf(retry.attempts()),
                            "methods", "POST",
                            "statuses", "SERVICE_UNAVAILABLE");
            return PlainGateway.serve(
                    backend.endpoint(), timeouts, PlainGateway.filter("Retry", args));
        }
    }

    static final class PlainGrpc extends GrpcContract {

        @Override
        public Served serve(Endpoint backend) {
            return PlainGateway.serve(backend, Timeouts.NONE);
        }
    }

    @BeforeAll
    static void start() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED); // they are not ours
        PlainGateway.start();
    }

    @AfterAll
    static void stop() {
        PlainGateway.stop();
        ResourceLeakDetector.setLevel(LEVEL);
    }

    @Test
    void plainGateway_fallsIntoEachTrap() {
        Events tests = run(selectClass(PlainGatewayTraps.class));
        assertThat(tests.failed().count()).isGreaterThan(30);
        Set<String> harmless =
                tests.succeeded().stream()
                        .map(PlainGatewayTest::name)
                        .collect(Collectors.toUnmodifiableSet());
        assertThat(harmless).containsExactlyInAnyOrderElementsOf(NO_TRAP);
    }

    @Test
    void plainFilters_fallIntoEachTrap() {
        Events tests =
                run(
                        selectClass(PlainFilterTraps.class),
                        selectMethod(PlainRetry.class, "largeBody_isPassedOnAndNotTriedAgain"),
                        selectMethod(PlainGrpc.class, "unary_isAnswered"),
                        selectMethod(PlainGrpc.class, "errors_keepTheirDetails"));
        assertThat(tests.failed().count()).isEqualTo(5);
        assertThat(tests.succeeded().stream()).isEmpty();
    }

    /// In [ForwardedFieldsTest] such a client is who it is.
    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For: 6.6.6.6", "Forwarded: for=6.6.6.6"})
    void plainGateway_believesForgedAddresses(String field) throws Exception {
        try (RawBackend backend = RawBackend.echo();
                Served gateway = PlainGateway.serve(backend, "6.6.6.6/32");
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").status()).isEqualTo(404);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    /// The scenario of the filters is one that a plain gateway otherwise serves.
    @Test
    void plainRetry_triesAgain() {
        Events tests = run(selectMethod(PlainRetry.class, "attempts_areBounded"));
        assertThat(tests.succeeded().count()).isEqualTo(1);
    }

    private static Events run(DiscoverySelector... selectors) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectors).execute().testEvents();
    }

    private static String name(Event event) {
        TestDescriptor test = event.getTestDescriptor();
        String invocation = test.getDisplayName();
        return invocation.startsWith("[")
                ? test.getParent().orElseThrow().getDisplayName() + " " + invocation
                : invocation;
    }
}
