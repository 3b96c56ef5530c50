package dev.sluice.server;

/// A client's connection, of either protocol version.
public sealed interface ServerConnection permits Http1ServerConnection, Http2ServerConnection {

    /// Ends the connection after the requests in flight, at once when there are none. Called on its
    /// event loop.
    void drain();
}
