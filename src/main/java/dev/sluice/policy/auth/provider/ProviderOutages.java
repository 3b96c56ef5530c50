package dev.sluice.policy.auth.provider;

import dev.sluice.observe.MeterTags.ProviderKeys;
import dev.sluice.observe.SluiceMeters;
import dev.sluice.policy.Interned;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The identity providers of all policies, and which of them are away. None of them has an effect
/// on a policy's status: that says what users wrote.
public final class ProviderOutages {

    /// Series of a meter; providers beyond that share one.
    private static final int MOST = 100;

    private final MeterRegistry registry;
    private final Interned<Name, ProviderHealth> states = new Interned<>(this::removeGauge);

    /// Of those that have one of their own.
    private final Map<Name, Meter> gauges = new ConcurrentHashMap<>();

    /// What a provider is asked for.
    public enum ProviderEndpoint {
        KEYS,
        METADATA,
        INTROSPECTION;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param provider its issuer, or where it is asked
    /// @param since when it did not answer first
    /// @param why it did not answer last
    public record Outage(String provider, ProviderEndpoint purpose, Instant since, String why) {
        @Override
        public String toString() {
            return provider + " (" + purpose + ") since " + since + ": " + why;
        }
    }

    private record Name(String provider, ProviderEndpoint purpose) {}

    public ProviderOutages(MeterRegistry registry) {
        this.registry = registry;
        for (ProviderEndpoint providerEndpoint : ProviderEndpoint.values()) {
            SluiceMeters.PROVIDER_AWAY.gauge(
                    registry,
                    this,
                    all -> all.others(providerEndpoint),
                    tags("other", providerEndpoint));
        }
    }

    private static String[] tags(String provider, ProviderEndpoint providerEndpoint) {
        return new String[] {
            ProviderKeys.PROVIDER.asString(),
            provider,
            ProviderKeys.PURPOSE.asString(),
            providerEndpoint.toString()
        };
    }

    /// What is known of a provider, for as long as somebody holds it. Called by one thread at a
    /// time.
    public ProviderHealth of(String provider, ProviderEndpoint providerEndpoint) {
        Name name = new Name(provider, providerEndpoint);
        return states.get(name, () -> fresh(name));
    }

    private ProviderHealth fresh(Name name) {
        ProviderHealth state = new ProviderHealth();
        if (states.size() < MOST) {
            gauges.put(name, gauge(name, new WeakReference<>(state)));
        }
        return state;
    }

    private void removeGauge(Name name) {
        Meter gauge = gauges.remove(name);
        if (gauge != null) {
            registry.remove(gauge);
        }
    }

    private Meter gauge(Name name, WeakReference<ProviderHealth> state) {
        return SluiceMeters.PROVIDER_AWAY.gauge(
                registry,
                state,
                each -> {
                    ProviderHealth there = each.get();
                    return there != null && there.away() != null ? 1 : 0;
                },
                tags(name.provider(), name.purpose()));
    }

    private int others(ProviderEndpoint providerEndpoint) {
        AtomicInteger away = new AtomicInteger();
        states.forEach((name, state) -> {
            if (name.purpose() == providerEndpoint
                    && !gauges.containsKey(name)
                    && state.away() != null) {
                away.incrementAndGet();
            }
        });
        return away.get();
    }

    /// Those that did not answer when they were asked last.
    public List<Outage> now() {
        List<Outage> outages = new ArrayList<>();
        states.forEach((name, state) -> {
            ProviderHealth.Away away = state.away();
            if (away != null) {
                outages.add(new Outage(name.provider(), name.purpose(), away.since(), away.why()));
            }
        });
        outages.sort(Comparator.comparing(Outage::provider).thenComparing(Outage::purpose));
        return outages;
    }
}
