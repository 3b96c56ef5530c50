package dev.sluice.upstream.pool;

import dev.sluice.http.Failure;

/// Learns how connections to one endpoint, and requests on them, fare. Called on all event loops.
public interface EndpointListener {

    /// Wants to know nothing.
    EndpointListener NONE =
            new EndpointListener() {
                @Override
                public void connected() {}

                @Override
                public void connectFailed() {}

                @Override
                public void responded(int status) {}

                @Override
                public void failed(Failure failure) {}

                @Override
                public boolean isActive() {
                    return false;
                }
            };

    /// A connection was opened.
    void connected();

    /// A connection could not be opened.
    void connectFailed();

    /// A response has begun.
    void responded(int status);

    /// There was a connection, and no response.
    void failed(Failure failure);

    /// Whether it wants to know now.
    boolean isActive();
}
