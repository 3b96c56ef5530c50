package dev.sluice.route;

import dev.sluice.ir.HostPattern;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds what is kept under the hostnames that take a host, the most specific one first.
///
/// Exact hostnames are in a hash table. The suffixes of wildcards are in another one, and are found
/// in one pass over the host from its end, so neither the number of wildcards nor their depth costs
/// time. Each value knows the next wider one, so going on there needs no look-up.
final class HostIndex<V> {

    private final Map<HostPattern, V> values;
    private final Map<String, Nested<V>> exact;
    private final RegionMap<Nested<V>> suffixes;
    private final @Nullable Nested<V> any;

    /// @param values handed over
    HostIndex(Map<HostPattern, V> values) {
        this.values = values;
        V whole = values.get(HostPattern.ANY);
        any = whole == null ? null : new Nested<>(whole, null);
        Map<String, Nested<V>> wildcards = wildcards(values);
        suffixes = new RegionMap<>(wildcards, HostIndex::hashFromEnd);
        Map<String, Nested<V>> names = HashMap.newHashMap(values.size());
        values.forEach((hostname, value) -> {
            if (hostname.isExact()) {
                String name = hostname.value();
                names.put(name, new Nested<>(value, widerOf(name, wildcards)));
            }
        });
        exact = Map.copyOf(names);
    }

    // In reverse order of hostnames, so that each one finds the wider ones made.
    private Map<String, Nested<V>> wildcards(Map<HostPattern, V> values) {
        Map<HostPattern, V> sorted = new TreeMap<HostPattern, V>().descendingMap();
        values.forEach((hostname, value) -> {
            if (hostname.isWildcard()) {
                sorted.put(hostname, value);
            }
        });
        Map<String, Nested<V>> made = HashMap.newHashMap(sorted.size());
        sorted.forEach((hostname, value) -> {
            String suffix = hostname.suffix();
            made.put(suffix, new Nested<>(value, widerOf(suffix, made)));
        });
        return made;
    }

    // From 1: a wildcard stands for at least one character before its suffix.
    private @Nullable Nested<V> widerOf(String name, Map<String, Nested<V>> wildcards) {
        if (!wildcards.isEmpty()) {
            for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
                Nested<V> wider = wildcards.get(name.substring(dot));
                if (wider != null) {
                    return wider;
                }
            }
        }
        return any;
    }

    /// The most specific value for the host, linked to the wider ones; null if there is none.
    @Nullable Nested<V> find(String host) {
        Nested<V> named = exact.get(host);
        if (named != null) {
            return named;
        }
        Nested<V> best = any;
        int hash = 0;
        int end = Math.max(1, host.length() - suffixes.longest());
        for (int i = host.length() - 1; i >= end; i--) {
            char c = host.charAt(i);
            hash = 31 * hash + c;
            if (c == '.') {
                Nested<V> wildcard = suffixes.get(host, i, host.length(), hash);
                best = wildcard != null ? wildcard : best;
            }
        }
        return best;
    }

    /// What is kept under exactly this hostname.
    @Nullable V at(HostPattern hostname) {
        return values.get(hostname);
    }

    /// All that is kept.
    Map<HostPattern, V> values() {
        return values;
    }

    private static int hashFromEnd(String text) {
        int hash = 0;
        for (int i = text.length() - 1; i >= 0; i--) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }
}
