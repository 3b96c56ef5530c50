package dev.sluice.engine;

/// Told of the end of each request.
public interface Observer {

    Observer NONE = (_, _) -> {};

    /// The exchange is over, on its event loop.
    ///
    /// @param status what the client got; 499 when it left before an answer
    void ended(Exchange exchange, int status);
}
