package dev.sluice.translate;

import org.jspecify.annotations.Nullable;

/// What a reference leads to, or why it leads nowhere: exactly one is null.
public record Checked<T>(@Nullable T value, @Nullable Rejection rejection) {

    public static <T> Checked<T> of(T value) {
        return new Checked<>(value, null);
    }

    public static <T> Checked<T> no(String reason, String message) {
        return new Checked<>(null, new Rejection(reason, message));
    }
}
