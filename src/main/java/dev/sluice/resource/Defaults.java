package dev.sluice.resource;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values for what a document leaves out.
final class Defaults {

    private Defaults() {}

    static <T> List<T> list(@Nullable List<T> value) {
        return value == null ? List.of() : List.copyOf(value);
    }

    static <K, V> Map<K, V> map(@Nullable Map<K, V> value) {
        return value == null ? Map.of() : Map.copyOf(value);
    }

    static String text(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
