package dev.sluice.net;

import org.jspecify.annotations.Nullable;

/// A client's connection that was ended, or not taken, for an error that is not of one request.
///
/// @param client the peer's address without port
/// @param serverName what the client asked for in TLS, in lower case; null when it is not known
public record FailedConnection(
        String client, @Nullable String serverName, ConnectionFailure reason) {}
