package dev.sluice.policy.resilience;

import dev.sluice.ir.PolicySection;
import dev.sluice.policy.resilience.CircuitBreaking.Fallback;
import dev.sluice.policy.resilience.CircuitBreaking.Slow;
import dev.sluice.policy.resilience.CircuitBreaking.Window;
import dev.sluice.resource.Policy;
import dev.sluice.resource.ResiliencePolicy;
import dev.sluice.translate.Checked;
import dev.sluice.translate.Durations;
import dev.sluice.translate.PolicyKind;
import dev.sluice.translate.PolicyReferences;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Decodes ResiliencePolicies. A section that cannot be used has no effect: traffic is let through.
public final class ResilienceKind implements PolicyKind {

    private static final Duration OPEN = Duration.ofSeconds(10);
    private static final float FAILURES = 50;
    private static final int MIN_CALLS = 20;
    private static final int HALF_OPEN_CALLS = 5;

    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    // As written; the schema of the CRD has checked it in a cluster and in files.

    private record Written(
            @Nullable WrittenWindow window,
            @Nullable Integer minCalls,
            @Nullable Float failureRate,
            @Nullable WrittenSlow slowRate,
            @Nullable String open,
            @Nullable Integer halfOpenCalls,
            @Nullable WrittenFallback fallback) {}

    private record WrittenWindow(@Nullable String type, @Nullable Integer size) {}

    private record WrittenSlow(float percent, String above) {}

    private record WrittenFallback(
            @Nullable Integer status, @Nullable String body, @Nullable String contentType) {}

    @Override
    public Class<? extends Policy> type() {
        return ResiliencePolicy.class;
    }

    @Override
    public Set<String> targets() {
        return Set.of("Service", "Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute");
    }

    @Override
    public boolean failsClosed() {
        return false;
    }

    @Override
    public boolean isOfBackends() {
        return true;
    }

    @Override
    public Checked<PolicySection> decode(
            String section, Object written, PolicyReferences references) {
        if (!section.equals("circuitBreaker")) {
            return Checked.no("Invalid", section + ": a ResiliencePolicy has no such section");
        }
        try {
            return Checked.of(breaking(JSON.convertValue(written, Written.class)));
        } catch (JacksonException | IllegalArgumentException e) {
            return Checked.no("Invalid", section + e.getMessage());
        }
    }

    private static CircuitBreaking breaking(Written written) {
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
                fallback(written.fallback()));
    }

    private static Window window(@Nullable WrittenWindow written) {
        Window usual = Window.DEFAULT;
        return written == null
                ? usual
                : new Window(
                        "Time".equals(written.type()) ? Window.Type.TIME : Window.Type.COUNT,
                        written.size() == null ? usual.size() : written.size());
    }

    private static Fallback fallback(@Nullable WrittenFallback written) {
        Fallback usual = Fallback.DEFAULT;
        return written == null
                ? usual
                : new Fallback(
                        written.status() == null ? usual.status() : written.status(),
                        written.body() == null ? usual.body() : written.body(),
                        written.contentType() == null
                                ? usual.contentType()
                                : written.contentType());
    }

    private static Duration duration(String written, String field) {
        Duration duration = Durations.parse(written);
        if (duration == null || !duration.isPositive()) {
            throw new IllegalArgumentException(
                    field + ": \"" + written + "\" is not a positive duration");
        }
        return duration;
    }
}
