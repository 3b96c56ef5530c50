package dev.sluice.engine;

import dev.sluice.http.Failure;
import org.jspecify.annotations.Nullable;

/// Watches over the tries of requests at one backend, on all event loops.
public interface Guard {

    /// Lets a try pass, or answers in its place.
    ///
    /// @return null when it passes; then [#ended] or [#left] is called, once
    @Nullable Answer enter(Exchange exchange);

    /// A try came to its end: by the head of a response, or without one.
    ///
    /// @param status of the response, or the one that the failure is answered with
    /// @param failure why there was no response, null when there was
    /// @param nanos since it passed
    void ended(int status, @Nullable Failure failure, long nanos);

    /// The client left before that.
    void left();
}
