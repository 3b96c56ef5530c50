package dev.sluice.resource;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Values for what a document leaves out.
final class Defaults {

    private Defaults() {}

    static <T> List<T> list(@Nullable List<T> value) {
        return value == null ? List.of() : List.copyOf(value);
    }

    /// In the order in which it was written.
    static <K, V> Map<K, V> map(@Nullable Map<K, V> value) {
        if (value == null || value.size() < 2) {
            return value == null ? Map.of() : Map.copyOf(value);
        }
        Map<K, V> copy = LinkedHashMap.newLinkedHashMap(value.size());
        value.forEach((key, each) -> copy.put(key, Objects.requireNonNull(each)));
        return Collections.unmodifiableMap(copy);
    }

    /// Labels and the like, whose order means nothing, in little memory: every object has them.
    static Map<String, String> labels(@Nullable Map<String, String> value) {
        return value == null ? Map.of() : Map.copyOf(value);
    }

    /// Values of any form, in the order in which they were written. Those that are null are left
    /// out.
    static Map<String, Object> values(@Nullable Map<String, ?> value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value != null) {
            value.forEach((key, each) -> {
                if (each != null) {
                    copy.put(key, value(each));
                }
            });
        }
        return Collections.unmodifiableMap(copy);
    }

    private static Object value(Object value) {
        return switch (value) {
            case List<?> list ->
                    list.stream().filter(Objects::nonNull).map(Defaults::value).toList();
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, each) -> copy.put(String.valueOf(key), each));
                yield values(copy);
            }
            default -> value;
        };
    }

    static String text(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
