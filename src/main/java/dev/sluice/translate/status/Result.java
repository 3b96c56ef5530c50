package dev.sluice.translate.status;

import dev.sluice.finding.FindingCode;
import org.jspecify.annotations.Nullable;

/// What a reference leads to, or why it leads nowhere: exactly one is null.
public record Result<T>(@Nullable T value, @Nullable Rejection rejection) {

    public static <T> Result<T> of(T value) {
        return new Result<>(value, null);
    }

    public static <T> Result<T> no(String reason, String message) {
        return new Result<>(null, new Rejection(reason, message));
    }

    public static <T> Result<T> no(String reason, String message, FindingCode code) {
        return new Result<>(null, new Rejection(reason, message, code));
    }
}
