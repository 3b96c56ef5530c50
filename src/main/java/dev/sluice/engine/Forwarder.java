package dev.sluice.engine;

import dev.sluice.http.ResponseEvents;

/// The way of one rule's requests to its backends.
public interface Forwarder {

    /// Makes a request to a backend, which [BackendRequest#start] sends.
    ///
    /// @param end whether it has no body
    /// @param events where the response goes
    BackendRequest prepare(Exchange exchange, boolean end, ResponseEvents events);

    /// Sends the head of the request, as it is now, to the mirrors that get a copy.
    ///
    /// @param end whether it has no body
    MirrorSet mirrors(Exchange exchange, boolean end);
}
