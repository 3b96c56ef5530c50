package dev.sluice.policy.resilience;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Guard;
import dev.sluice.engine.LocalReply;
import dev.sluice.http.Failure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.io.Serial;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The circuit breaker of one backend under one policy: Resilience4j's state machine, without a
/// time limit of its own.
///
/// A call fails by status 500 to 599, or a status of gRPC that comes to one, and where there is no
/// response, but for failures that say nothing of the backend. It ends with the head of the
/// response: a stream may last.
final class Breaker implements Guard {

    private static final Logger log = LoggerFactory.getLogger(Breaker.class);

    private final Failed failed = new Failed();
    private final CircuitBreaker circuit;
    private final String name;
    private final CircuitBreaking.Fallback fallback;
    private final boolean enforced;
    private final Runnable refused;

    /// Stands for all that fails.
    private static final class Failed extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;

        Failed() {
            super("failed", null, false, false);
        }
    }

    /// @param name of policy and backend, for the log
    /// @param enforced false to let pass what it would refuse
    /// @param refused notified of each try that does not pass, or would not
    Breaker(String name, CircuitBreaking section, boolean enforced, Runnable refused) {
        this.name = name;
        this.fallback = section.fallback();
        this.enforced = enforced;
        this.refused = refused;
        this.circuit = CircuitBreaker.of(name, config(section));
        circuit.getEventPublisher()
                .onStateTransition(event ->
                        log.info(
                                "{}: circuit {}",
                                name,
                                said(event.getStateTransition().getToState())));
    }

    private static CircuitBreakerConfig config(CircuitBreaking section) {
        SlidingWindowType type =
                section.window().type() == CircuitBreaking.Window.WindowType.COUNT
                        ? SlidingWindowType.COUNT_BASED
                        : SlidingWindowType.TIME_BASED;
        CircuitBreakerConfig.Builder config =
                CircuitBreakerConfig.custom()
                        .slidingWindow(
                                section.window().size(),
                                section.minCalls(),
                                type,
                                SlidingWindowSynchronizationStrategy.LOCK_FREE)
                        .failureRateThreshold(section.failureRate())
                        .waitDurationInOpenState(section.open())
                        .permittedNumberOfCallsInHalfOpenState(section.halfOpenCalls())
                        .writableStackTraceEnabled(false);
        CircuitBreaking.Slow slow = section.slow();
        if (slow != null) {
            config.slowCallDurationThreshold(slow.above()).slowCallRateThreshold(slow.percent());
        }
        return config.build();
    }

    private static String said(CircuitBreaker.State state) {
        return switch (state) {
            case OPEN, FORCED_OPEN -> "opened";
            case HALF_OPEN -> "tries again";
            case CLOSED, DISABLED, METRICS_ONLY -> "closed";
        };
    }

    /// Whether nothing is sent.
    boolean isOpen() {
        return circuit.getState() == CircuitBreaker.State.OPEN;
    }

    @Override
    public @Nullable LocalReply enter(Exchange exchange) {
        if (circuit.tryAcquirePermission()) {
            return null;
        }
        refused.run();
        return enforced ? answer(exchange) : null;
    }

    private LocalReply answer(Exchange exchange) {
        LocalReply localReply =
                fallback.body().isEmpty()
                        ? LocalReply.error(
                                fallback.status(), "the backend is left alone", exchange.request())
                        : LocalReply.of(fallback.status(), fallback.contentType(), fallback.body());
        return fallback.backend() == null ? localReply : localReply.unlessFallback();
    }

    @Override
    public void ended(int status, @Nullable Failure failure, long nanos) {
        if (failure == null && status < 500) {
            circuit.onSuccess(nanos, TimeUnit.NANOSECONDS);
        } else if (failure == null || failure.isOfBackend()) {
            circuit.onError(nanos, TimeUnit.NANOSECONDS, failed);
        } else {
            circuit.releasePermission();
        }
    }

    @Override
    public void left() {
        circuit.releasePermission();
    }

    @Override
    public String toString() {
        return name;
    }
}
