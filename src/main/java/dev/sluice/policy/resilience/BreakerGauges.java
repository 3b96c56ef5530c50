package dev.sluice.policy.resilience;

import dev.sluice.observe.MeterTags.PolicyKeys;
import dev.sluice.observe.MeterTags.UpstreamKeys;
import dev.sluice.observe.SluiceMeters;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/// The gauges of circuit breakers: one for each policy and backend, of the breaker that rules were
/// given last. A breaker whose section was changed lives on for a while under the same name, and a
/// registry knows one meter of a name. Called by one thread at a time; any thread may scrape.
final class BreakerGauges {

    private final MeterRegistry registry;
    private final Map<Name, Shown> shown = new HashMap<>();

    private record Name(String policy, String upstream) {}

    /// A gauge, and what it is of.
    private static final class Shown {
        private final Meter meter;
        private volatile WeakReference<Breaker> breaker;

        Shown(MeterRegistry registry, Name name, Breaker breaker) {
            this.breaker = new WeakReference<>(breaker);
            this.meter =
                    SluiceMeters.BREAKER_OPEN.gauge(
                            registry,
                            this,
                            Shown::value,
                            PolicyKeys.POLICY.asString(),
                            name.policy(),
                            UpstreamKeys.UPSTREAM.asString(),
                            name.upstream());
        }

        private int value() {
            Breaker there = breaker.get();
            return there != null && there.isOpen() ? 1 : 0;
        }
    }

    BreakerGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /// From now on the gauge is that breaker's.
    void show(String policy, String upstream, Breaker breaker) {
        Name name = new Name(policy, upstream);
        Shown known = shown.get(name);
        if (known == null) {
            shown.put(name, new Shown(registry, name, breaker));
        } else {
            known.breaker = new WeakReference<>(breaker);
        }
    }

    /// A breaker was collected: its gauge goes, unless it shows another one by now.
    void forget(String policy, String upstream) {
        Name name = new Name(policy, upstream);
        Shown known = shown.get(name);
        if (known != null && known.breaker.get() == null) {
            shown.remove(name);
            registry.remove(known.meter);
        }
    }
}
