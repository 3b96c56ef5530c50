package dev.sluice.http;

import dev.sluice.net.FailedConnection;

/// Takes the requests of a connection.
public interface RequestHandler {

    /// A request begins.
    ///
    /// @param end whether it has no body
    /// @return where its body goes
    RequestEvents begin(ServerStream client, RequestHead head, boolean end);

    /// A request comes whose head cannot be understood: it is answered, and observers see it.
    void refuse(ServerStream client, BadMessage bad);

    /// A connection ends, or is not taken, for an error that is not of one request: observers see
    /// it.
    void failed(FailedConnection connection);
}
