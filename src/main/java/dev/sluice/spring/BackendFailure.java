package dev.sluice.spring;

import dev.sluice.http.Failure;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ResponseStatusException;

/// A [Failure] on its way through Spring's filters, which may retry or fall back.
public final class BackendFailure extends ResponseStatusException {

    private final Failure failure;

    BackendFailure(Failure failure) {
        super(HttpStatusCode.valueOf(failure.status()), failure.reason());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
