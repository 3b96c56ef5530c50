package dev.sluice.policy.auth.provider;

import dev.sluice.observe.MeterTags.ProviderKeys;
import dev.sluice.observe.SluiceMeters;
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
import org.jspecify.annotations.Nullable;

/// The identity providers of all policies, and which of them are away. None of them has an effect
/// on a policy's status: that says what users wrote.
public final class ProviderOutages {

    /// Series of a meter; providers beyond that share one.
    private static final int MOST = 100;

    private final MeterRegistry registry;
    private final Map<Name, TrackedProvider> states = new ConcurrentHashMap<>();

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

    /// @param meter null where it has none of its own
    private record TrackedProvider(WeakReference<ProviderHealth> state, @Nullable Meter meter) {
        ProviderHealth.@Nullable Away away() {
            ProviderHealth there = state.get();
            return there == null ? null : there.away();
        }
    }

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
        forgetGone();
        Name name = new Name(provider, providerEndpoint);
        TrackedProvider known = states.get(name);
        ProviderHealth state = known == null ? null : known.state().get();
        if (state == null) {
            state = new ProviderHealth();
            WeakReference<ProviderHealth> held = new WeakReference<>(state);
            TrackedProvider trackedProvider =
                    new TrackedProvider(held, states.size() < MOST ? gauge(name, held) : null);
            states.put(name, trackedProvider);
        }
        return state;
    }

    private void forgetGone() {
        states.values()
                .removeIf(trackedProvider -> {
                    boolean gone = trackedProvider.state().get() == null;
                    if (gone && trackedProvider.meter() != null) {
                        registry.remove(trackedProvider.meter());
                    }
                    return gone;
                });
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
        int away = 0;
        for (Map.Entry<Name, TrackedProvider> one : states.entrySet()) {
            if (one.getKey().purpose() == providerEndpoint
                    && one.getValue().meter() == null
                    && one.getValue().away() != null) {
                away++;
            }
        }
        return away;
    }

    /// Those that did not answer when they were asked last.
    public List<Outage> now() {
        List<Outage> outages = new ArrayList<>();
        states.forEach((name, trackedProvider) -> {
            ProviderHealth.Away away = trackedProvider.away();
            if (away != null) {
                outages.add(new Outage(name.provider(), name.purpose(), away.since(), away.why()));
            }
        });
        outages.sort(Comparator.comparing(Outage::provider).thenComparing(Outage::purpose));
        return outages;
    }
}
