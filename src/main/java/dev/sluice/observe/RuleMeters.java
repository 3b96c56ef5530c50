package dev.sluice.observe;

import dev.sluice.observe.MeterTags.RequestKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The request timers of one rule: one for each class of status, made when it is first seen, so
/// that a rule costs at most six series.
public final class RuleMeters {

    private static final int GONE = 499;

    private final MeterRegistry registry;
    private final String rule;
    private final AtomicReferenceArray<@Nullable Timer> byClass = new AtomicReferenceArray<>(10);

    /// @param rule the id of the rule
    RuleMeters(MeterRegistry registry, String rule) {
        this.registry = registry;
        this.rule = rule;
    }

    /// Counts a request.
    ///
    /// @param status what the client got, 499 when it left
    /// @param nanos its duration
    public void record(int status, long nanos) {
        int index = status == GONE ? 0 : Math.min(status / 100, 9);
        Timer timer = byClass.get(index);
        if (timer == null) {
            timer = timer(index == 0 ? "gone" : index + "xx");
            byClass.set(index, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(String status) {
        return Timer.builder(SluiceMeters.REQUESTS.getName())
                .description(SluiceMeters.REQUESTS.description())
                .tag(RequestKeys.RULE.asString(), rule)
                .tag(RequestKeys.STATUS.asString(), status)
                .register(registry);
    }

    /// Removes the series of a rule that is gone.
    void close() {
        for (int i = 0; i < byClass.length(); i++) {
            Timer timer = byClass.get(i);
            if (timer != null) {
                registry.remove(timer);
            }
        }
    }
}
