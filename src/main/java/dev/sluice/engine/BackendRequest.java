package dev.sluice.engine;

import dev.sluice.http.RequestEvents;

/// A request on its way to a backend. It takes the client's body; the response goes to the
/// [dev.sluice.http.ResponseEvents] that it was made with.
public interface BackendRequest extends RequestEvents {

    /// Sends the head. It may fail at once.
    void start();

    /// Pauses or resumes reading the response.
    void read(boolean wanted);

    /// Whether the body may go on without filling buffers.
    boolean isWritable();
}
