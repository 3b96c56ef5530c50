package dev.sluice.net;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/// What is known of the client's connection.
///
/// @param remote the peer
/// @param remoteHost the peer's address without port, as it stands in `X-Forwarded-For`
/// @param local our side
/// @param sni the server name that the client asked for in TLS, in lower case; null without TLS or
///   without SNI
/// @param tls whether the connection is encrypted
/// @param clientCertificate the client's, which was verified; null when it has none, or nobody
///   verified it
/// @param proxies whose forwarding fields are believed on it; none when the peer is not one of them
public record Connection(
        InetSocketAddress remote,
        String remoteHost,
        InetSocketAddress local,
        @Nullable String sni,
        boolean tls,
        @Nullable X509Certificate clientCertificate,
        TrustedProxies proxies) {

    /// @param proxies all that are trusted
    public static Connection of(
            InetSocketAddress remote,
            InetSocketAddress local,
            @Nullable String sni,
            boolean tls,
            @Nullable X509Certificate clientCertificate,
            TrustedProxies proxies) {
        return new Connection(
                remote,
                Peers.hostOf(remote),
                local,
                sni,
                tls,
                clientCertificate,
                proxies.seenFrom(remote.getAddress()));
    }
}
