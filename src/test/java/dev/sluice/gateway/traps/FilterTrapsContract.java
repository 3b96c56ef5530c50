package dev.sluice.gateway.traps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// What filters of Spring Cloud Gateway do with the settings of its starters; docs/traps.md says
/// how. Each test fails on a plain one: [PlainGatewayTest].
abstract class FilterTrapsContract {

    /// A gateway that forwards everything to a backend through a filter of Spring's.
    abstract Served serve(RawBackend backend, String factory, Map<String, String> args);

    @Test
    void circuitBreaker_hasNoTimeLimitOfItsOwn() throws Exception {
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            LockSupport.parkNanos(1_200_000_000); // Resilience4j would say 1 s
                            out.write(RawBackend.ok("late"));
                            return true;
                        });
                Served gateway = serve(backend, "CircuitBreaker", Map.of("name", "slow"));
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").body()).isEqualTo("late");
        }
    }

    @Test
    void requestRateLimiter_letsPassWhoeverHasNoPrincipal() throws Exception {
        Map<String, String> limits =
                Map.of(
                        "redis-rate-limiter.replenishRate", "1",
                        "redis-rate-limiter.burstCapacity", "3");
        try (RawBackend backend = RawBackend.echo();
                Served gateway = serve(backend, "RequestRateLimiter", limits);
                RawClient client = gateway.client()) {
            assertThat(client.get("a", "/").status()).isEqualTo(200);
        }
    }
}
