package dev.sluice.route;

import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Finds a value by a region of a text, without cutting the region out.
///
/// A hash table with open addressing, at most half full. The caller computes the hash, since it
/// comes for free while walking over the text: that makes all prefixes (or suffixes) of a text
/// known in one pass.
final class RegionMap<V> {

    private final @Nullable String[] keys;
    private final int[] hashes;
    private final @Nullable Object[] values;
    private final int shift;
    private final int longest;

    /// @param hash the function that callers of [#get] compute over the region
    RegionMap(Map<String, V> entries, ToIntFunction<String> hash) {
        int size = Integer.highestOneBit(Math.max(1, entries.size() * 2 - 1)) * 2;
        keys = new String[size];
        hashes = new int[size];
        values = new Object[size];
        shift = Integer.numberOfLeadingZeros(size) + 1;
        longest = entries.keySet().stream().mapToInt(String::length).max().orElse(-1);
        entries.forEach((key, value) -> put(key, hash.applyAsInt(key), value));
    }

    private void put(String key, int hash, V value) {
        int slot = slot(hash);
        while (keys[slot] != null) {
            slot = (slot + 1) & (keys.length - 1);
        }
        keys[slot] = key;
        hashes[slot] = hash;
        values[slot] = value;
    }

    /// Length of the longest key, -1 without keys: longer regions need not be asked for.
    int longest() {
        return longest;
    }

    /// The value of the key that equals the region, null if there is none.
    @Nullable V get(String text, int from, int to, int hash) {
        int length = to - from;
        int slot = slot(hash);
        for (String key = keys[slot]; key != null; key = keys[slot]) {
            if (hashes[slot] == hash && key.length() == length && text.startsWith(key, from)) {
                return value(slot);
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        return null;
    }

    // Only put() writes values, and it takes a V.
    @SuppressWarnings("unchecked")
    private V value(int slot) {
        return (V) Objects.requireNonNull(values[slot]);
    }

    // Multiplying by the golden ratio spreads hashes that differ in few bits over the upper bits.
    private int slot(int hash) {
        return (hash * 0x9E3779B9) >>> shift;
    }
}
