package dev.sluice.listener;

import io.netty.handler.ssl.SslContext;

/// What becomes of a TLS connection by its server name.
sealed interface ServerNameAction {

    /// TLS is terminated, and HTTP served.
    record ServeHttp(SslContext context) implements ServerNameAction {}

    /// TLS is terminated, and what is inside handed to a backend.
    record Terminate(SslContext context, String listener) implements ServerNameAction {}

    /// The connection is handed to a backend as it is.
    record Passthrough(String listener) implements ServerNameAction {}
}
