package dev.sluice.http;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// What is known of the client's connection.
///
/// @param remote the peer
/// @param local our side
/// @param sni the server name that the client asked for in TLS, in lower case; null without TLS or
///     without SNI
/// @param tls whether the connection is encrypted
public record Connection(
        InetSocketAddress remote, InetSocketAddress local, @Nullable String sni, boolean tls) {

    /// The peer's address without port, as it stands in `X-Forwarded-For`.
    public String remoteHost() {
        return remote.getAddress().getHostAddress();
    }
}
