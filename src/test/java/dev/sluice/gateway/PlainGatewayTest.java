package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.sluice.ir.Timeouts;
import io.netty.util.ResourceLeakDetector;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;
import org.springframework.context.ConfigurableApplicationContext;

/// The traps are real: each test of the [TrapsContract] fails on a plain Spring Cloud Gateway, but for
/// those that are listed here.
class PlainGatewayTest {

    /// What Spring Cloud Gateway 5.0.3 does as we do, beside the traps.
    private static final Set<String> NO_TRAP =
            Set.of(
                    "caseOfFieldNames_isKept()",
                    "target_reachesTheBackendAsSent(String) [9] target = \"/a%252Fb;v=1\"",
                    "target_reachesTheBackendAsSent(String) [10] target = \"/a/%2e%2ea\"",
                    "target_reachesTheBackendAsSent(String) [11] target = \"/?a=b?c=/../d\"");

    /// Not found by its name, since it fails.
    static final class PlainGatewayTraps extends TrapsContract {

        private static final ResourceLeakDetector.Level LEVEL = ResourceLeakDetector.getLevel();
        private static final ConfigurableApplicationContext CONTEXT = PlainGateway.start();

        @BeforeAll
        static void ignoreLeaks() {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED); // they are not ours
        }

        @AfterAll
        static void stop() {
            CONTEXT.close();
            ResourceLeakDetector.setLevel(LEVEL);
        }

        @Override
        Served serve(RawBackend backend, Timeouts timeouts) {
            return PlainGateway.serve(CONTEXT, backend, timeouts);
        }
    }

    @Test
    void plainGateway_fallsIntoEachTrap() {
        Events tests =
                EngineTestKit.engine("junit-jupiter")
                        .selectors(selectClass(PlainGatewayTraps.class))
                        .execute()
                        .testEvents();
        assertThat(tests.failed().count()).isGreaterThan(30);
        Set<String> harmless =
                tests.succeeded().stream()
                        .map(PlainGatewayTest::name)
                        .collect(Collectors.toUnmodifiableSet());
        assertThat(harmless).containsExactlyInAnyOrderElementsOf(NO_TRAP);
    }

    private static String name(Event event) {
        TestDescriptor test = event.getTestDescriptor();
        String invocation = test.getDisplayName();
        return invocation.startsWith("[")
                ? test.getParent().orElseThrow().getDisplayName() + " " + invocation
                : invocation;
    }
}
