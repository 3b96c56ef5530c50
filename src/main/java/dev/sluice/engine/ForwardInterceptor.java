package dev.sluice.engine;

import dev.sluice.http.RequestEvents;

/// Code between the stages and the backend: the Spring stage. It gets the request, sends what it
/// likes to the backend by [Exchange#forward], and writes the response to the exchange, which is
/// the [dev.sluice.http.ResponseEvents] of the client's side.
public interface ForwardInterceptor {

    /// Takes a request over.
    ///
    /// @param end whether it has no body
    /// @return where its body goes
    RequestEvents begin(Exchange exchange, boolean end);
}
