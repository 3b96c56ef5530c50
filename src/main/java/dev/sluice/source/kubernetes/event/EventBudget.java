package dev.sluice.source.kubernetes.event;

import dev.sluice.resource.ObjectRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Bounds the events of each namespace, and those of an object with the same reason: who has
/// objects change their fate again and again is not to fill the API server with events.
final class EventBudget {

    /// In which an object gets one event of a reason.
    static final Duration PERIOD = Duration.ofMinutes(5);

    /// Events of a namespace in that time.
    static final int MOST = 50;

    private final LongSupplier nanos;
    private final Map<String, Map<Sent, Long>> byNamespace = new HashMap<>();

    private record Sent(ObjectRef ref, String reason) {}

    EventBudget(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Whether the event may be written; it counts as written then.
    synchronized boolean take(ObjectRef ref, String reason) {
        long now = nanos.getAsLong();
        byNamespace
                .values()
                .removeIf(sent -> {
                    sent.values().removeIf(at -> now - at >= PERIOD.toNanos());
                    return sent.isEmpty();
                });
        Map<Sent, Long> sent =
                byNamespace.computeIfAbsent(ref.namespace(), _ -> new LinkedHashMap<>());
        return sent.size() < MOST && sent.putIfAbsent(new Sent(ref, reason), now) == null;
    }
}
