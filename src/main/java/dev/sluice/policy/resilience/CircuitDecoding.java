package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection.ServicePort;
import dev.sluice.policy.SpecReader;
import dev.sluice.policy.resilience.CircuitBreaking.Fallback;
import dev.sluice.policy.resilience.CircuitBreaking.Slow;
import dev.sluice.policy.resilience.CircuitBreaking.Window;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decodes section `circuitBreaker`.
final class CircuitDecoding {

    private static final Duration OPEN = Duration.ofSeconds(10);
    private static final float FAILURES = 50;
    private static final int MIN_CALLS = 20;
    private static final int HALF_OPEN_CALLS = 5;

    private CircuitDecoding() {}

    record CircuitBreakerSpec(
            @Nullable WindowSpec window,
            @Nullable Integer minCalls,
            @Nullable Float failureRate,
            @Nullable SlowRateSpec slowRate,
            @Nullable String open,
            @Nullable Integer halfOpenCalls,
            @Nullable FallbackSpec fallback) {}

    record WindowSpec(@Nullable String type, @Nullable Integer size) {}

    record SlowRateSpec(float percent, String above) {}

    record FallbackSpec(
            @Nullable Integer status,
            @Nullable String body,
            @Nullable String contentType,
            @Nullable FallbackRefSpec backendRef) {}

    record FallbackRefSpec(@Nullable String namespace, String name, int port) {}

    static CircuitBreaking read(SpecReader in) {
        CircuitBreakerSpec circuitBreakerSpec = in.read(CircuitBreakerSpec.class);
        SlowRateSpec slow = circuitBreakerSpec.slowRate();
        return new CircuitBreaking(
                window(circuitBreakerSpec.window()),
                circuitBreakerSpec.minCalls() == null ? MIN_CALLS : circuitBreakerSpec.minCalls(),
                circuitBreakerSpec.failureRate() == null
                        ? FAILURES
                        : circuitBreakerSpec.failureRate(),
                slow == null
                        ? null
                        : new Slow(
                                slow.percent(),
                                in.at("slowRate").at("above").positive(slow.above())),
                circuitBreakerSpec.open() == null
                        ? OPEN
                        : in.at("open").positive(circuitBreakerSpec.open()),
                circuitBreakerSpec.halfOpenCalls() == null
                        ? HALF_OPEN_CALLS
                        : circuitBreakerSpec.halfOpenCalls(),
                fallback(circuitBreakerSpec.fallback(), in.references().namespace()));
    }

    private static Window window(@Nullable WindowSpec written) {
        Window usual = Window.DEFAULT;
        return written == null
                ? usual
                : new Window(
                        "Time".equals(written.type())
                                ? Window.WindowType.TIME
                                : Window.WindowType.COUNT,
                        written.size() == null ? usual.size() : written.size());
    }

    private static Fallback fallback(@Nullable FallbackSpec written, String namespace) {
        Fallback usual = Fallback.DEFAULT;
        return written == null
                ? usual
                : new Fallback(
                        written.status() == null ? usual.status() : written.status(),
                        written.body() == null ? usual.body() : written.body(),
                        written.contentType() == null ? usual.contentType() : written.contentType(),
                        backend(written.backendRef(), namespace));
    }

    private static @Nullable ServicePort backend(
            @Nullable FallbackRefSpec written, String namespace) {
        return written == null
                ? null
                : new ServicePort(
                        written.namespace() == null ? namespace : written.namespace(),
                        written.name(),
                        written.port());
    }
}
