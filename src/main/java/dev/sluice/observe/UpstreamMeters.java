package dev.sluice.observe;

import dev.sluice.observe.MeterTags.EjectionKeys;
import dev.sluice.observe.MeterTags.PolicyKeys;
import dev.sluice.observe.MeterTags.UpstreamKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Meters of the connections to backends and of their endpoints. Backends beyond a bound are summed
/// up.
public final class UpstreamMeters {

    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final int most;
    private final Map<String, List<Meter>> own = new ConcurrentHashMap<>();
    private final Map<String, Pools> others = new ConcurrentHashMap<>();

    /// The figures of one backend, read at each scrape.
    public interface Pools {
        int connections();

        int requests();

        int waiting();

        /// Endpoints that are not picked.
        int avoided();
    }

    /// @param most backends with series of their own
    public UpstreamMeters(MeterRegistry registry, int most) {
        this.registry = registry;
        this.most = most;
    }

    /// @param id of the backend
    public void add(String id, Pools pools) {
        if (own.size() < most) {
            own.put(id, gauges(id, pools));
        } else {
            if (others.isEmpty()) {
                gauges(OTHER, new Sum(others));
            }
            others.put(id, pools);
        }
    }

    public void remove(String id) {
        others.remove(id);
        List<Meter> gone = own.remove(id);
        if (gone != null) {
            gone.forEach(registry::remove);
        }
    }

    /// Counts a retry that a budget refused.
    ///
    /// @param id of the backend
    /// @param enforced false when it was made nevertheless
    public void retryRefused(String id, boolean enforced) {
        List<Meter> meters = own.get(id);
        count(
                meters,
                SluiceMeters.UPSTREAM_RETRIES_REFUSED.counter(
                        registry,
                        UpstreamKeys.UPSTREAM.asString(),
                        meters == null ? OTHER : id,
                        PolicyKeys.MODE.asString(),
                        MeterTags.mode(enforced)));
    }

    /// Counts an endpoint that was ejected.
    ///
    /// @param id of the backend
    /// @param cause one of a few
    /// @param enforced false when it is picked nevertheless
    public void ejected(String id, String cause, boolean enforced) {
        List<Meter> meters = own.get(id);
        count(
                meters,
                SluiceMeters.UPSTREAM_EJECTIONS.counter(
                        registry,
                        UpstreamKeys.UPSTREAM.asString(),
                        meters == null ? OTHER : id,
                        EjectionKeys.CAUSE.asString(),
                        cause,
                        PolicyKeys.MODE.asString(),
                        MeterTags.mode(enforced)));
    }

    /// @param meters of the backend, which the counter goes with; null for none of its own
    private static void count(@Nullable List<Meter> meters, Counter counter) {
        counter.increment();
        if (meters != null && !meters.contains(counter)) {
            meters.add(counter);
        }
    }

    private List<Meter> gauges(String id, Pools pools) {
        String[] tags = {UpstreamKeys.UPSTREAM.asString(), id};
        return new CopyOnWriteArrayList<>(
                List.of(
                        SluiceMeters.UPSTREAM_CONNECTIONS.gauge(
                                registry, pools, Pools::connections, tags),
                        SluiceMeters.UPSTREAM_REQUESTS.gauge(
                                registry, pools, Pools::requests, tags),
                        SluiceMeters.UPSTREAM_WAITING.gauge(registry, pools, Pools::waiting, tags),
                        SluiceMeters.UPSTREAM_AVOIDED.gauge(
                                registry, pools, Pools::avoided, tags)));
    }

    private record Sum(Map<String, Pools> parts) implements Pools {
        @Override
        public int connections() {
            return parts.values().stream().mapToInt(Pools::connections).sum();
        }

        @Override
        public int requests() {
            return parts.values().stream().mapToInt(Pools::requests).sum();
        }

        @Override
        public int waiting() {
            return parts.values().stream().mapToInt(Pools::waiting).sum();
        }

        @Override
        public int avoided() {
            return parts.values().stream().mapToInt(Pools::avoided).sum();
        }
    }
}
