package dev.sluice.spring;

import dev.sluice.engine.LocalReply;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.server.ResponseStatusException;

/// What exceptions of Spring's filters say to the client, in the three ways in which Spring lets an
/// exception tell its status.
final class FilterFailures {

    private FilterFailures() {}

    /// The answer; null for an exception without a status.
    static @Nullable LocalReply answer(Throwable cause) {
        return switch (cause) {
            case ResponseStatusException known -> answer(known.getStatusCode(), known.getReason());
            case HttpStatusCodeException known -> answer(known.getStatusCode(), null);
            default -> {
                ResponseStatus known =
                        AnnotatedElementUtils.findMergedAnnotation(
                                cause.getClass(), ResponseStatus.class);
                yield known == null ? null : answer(known.code(), known.reason());
            }
        };
    }

    private static LocalReply answer(HttpStatusCode status, @Nullable String reason) {
        int code = status.value();
        return LocalReply.text(
                code, reason == null || reason.isEmpty() ? "status " + code : reason);
    }
}
