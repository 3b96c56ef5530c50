package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection.ServicePort;
import dev.sluice.policy.resilience.CircuitBreaking.Fallback;
import dev.sluice.policy.resilience.CircuitBreaking.Slow;
import dev.sluice.policy.resilience.CircuitBreaking.Window;
import dev.sluice.translate.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decodes section `circuitBreaker`.
final class CircuitDecoding {

    private static final Duration OPEN = Duration.ofSeconds(10);
    private static final float FAILURES = 50;
    private static final int MIN_CALLS = 20;
    private static final int HALF_OPEN_CALLS = 5;

    private CircuitDecoding() {}

    record Written(
            @Nullable WrittenWindow window,
            @Nullable Integer minCalls,
            @Nullable Float failureRate,
            @Nullable WrittenSlow slowRate,
            @Nullable String open,
            @Nullable Integer halfOpenCalls,
            @Nullable WrittenFallback fallback) {}

    record WrittenWindow(@Nullable String type, @Nullable Integer size) {}

    record WrittenSlow(float percent, String above) {}

    record WrittenFallback(
            @Nullable Integer status,
            @Nullable String body,
            @Nullable String contentType,
            @Nullable WrittenBackend backendRef) {}

    record WrittenBackend(@Nullable String namespace, String name, int port) {}

    /// @param namespace of the policy
    static CircuitBreaking decode(Written written, String namespace) {
        WrittenSlow slow = written.slowRate();
        return new CircuitBreaking(
                window(written.window()),
                written.minCalls() == null ? MIN_CALLS : written.minCalls(),
                written.failureRate() == null ? FAILURES : written.failureRate(),
                slow == null
                        ? null
                        : new Slow(slow.percent(), duration(slow.above(), ".slowRate.above")),
                written.open() == null ? OPEN : duration(written.open(), ".open"),
                written.halfOpenCalls() == null ? HALF_OPEN_CALLS : written.halfOpenCalls(),
                fallback(written.fallback(), namespace));
    }

    private static Window window(@Nullable WrittenWindow written) {
        Window usual = Window.DEFAULT;
        return written == null
                ? usual
                : new Window(
                        "Time".equals(written.type())
                                ? Window.WindowType.TIME
                                : Window.WindowType.COUNT,
                        written.size() == null ? usual.size() : written.size());
    }

    private static Fallback fallback(@Nullable WrittenFallback written, String namespace) {
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
            @Nullable WrittenBackend written, String namespace) {
        return written == null
                ? null
                : new ServicePort(
                        written.namespace() == null ? namespace : written.namespace(),
                        written.name(),
                        written.port());
    }

    /// @throws IllegalArgumentException when it is none, not more than zero, or over an hour
    static Duration atMostAnHour(String written, String field) {
        Duration duration = duration(written, field);
        if (duration.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(field + ": \"" + written + "\" is over 1h");
        }
        return duration;
    }

    /// @throws IllegalArgumentException when it is none, or not more than zero
    static Duration duration(String written, String field) {
        Duration duration = Durations.parse(written);
        if (duration == null || !duration.isPositive()) {
            throw new IllegalArgumentException(
                    field + ": \"" + written + "\" is not a positive duration");
        }
        return duration;
    }
}
