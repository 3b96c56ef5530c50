package dev.sluice.engine;

import dev.sluice.http.Failure;
import org.jspecify.annotations.Nullable;

/// Watches over the tries of requests at one backend, on all event loops.
public interface Guard {

    /// Lets a try pass, or answers in its place.
    ///
    /// @return null when it passes; then [#ended] or [#left] is called, once, and [#done]
    @Nullable LocalReply enter(Exchange exchange);

    /// How long a try that passes has to wait, in nanoseconds.
    default long delay(Exchange exchange) {
        return 0;
    }

    /// A try came to its end: by the head of a response, or without one.
    ///
    /// @param status of the response, or the one that the failure is answered with
    /// @param failure why there was no response, null when there was
    /// @param nanos since it was sent
    default void ended(int status, @Nullable Failure failure, long nanos) {}

    /// The client left before that.
    default void left() {}

    /// The last byte of a try has passed, or it was given up.
    default void done() {}
}
