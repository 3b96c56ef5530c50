package dev.sluice.upstream.pool;

/// The connections of one event loop to one endpoint. Touched by that loop only.
public sealed interface LoopPool permits Http1Pool, Http2Pool, TcpPool {

    /// Whether the request would be taken now, if only to wait.
    boolean hasRoom(StreamRequest request);

    /// Sends a request on a connection at hand, a new one, or the next that becomes free.
    void open(StreamRequest request);

    /// The endpoint is gone: idle connections are closed now, the others when they become idle.
    void close();
}
