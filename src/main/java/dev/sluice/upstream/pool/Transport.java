package dev.sluice.upstream.pool;

import dev.sluice.ir.Upstream;
import dev.sluice.ir.UpstreamTls;
import io.netty.handler.ssl.SslContext;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/// How the endpoints of an upstream are spoken to.
///
/// @param protocol the HTTP version
/// @param tls what the context was made from, null for clear text
/// @param context encrypts, null for clear text
public record Transport(
        Upstream.Protocol protocol, @Nullable UpstreamTls tls, @Nullable SslContext context) {

    /// A connection that nothing is said on.
    static final Transport SILENT = new Transport(Upstream.Protocol.HTTP1, null, null);

    /// @throws GeneralSecurityException when a certificate or key is malformed, with its name
    public static Transport of(Upstream upstream) throws GeneralSecurityException {
        UpstreamTls tls = upstream.tls();
        return new Transport(
                upstream.protocol(),
                tls,
                tls == null ? null : ClientTls.context(tls, upstream.protocol()));
    }

    /// The same in another HTTP version.
    ///
    /// @throws GeneralSecurityException when a certificate or key is malformed, with its name
    public Transport speaking(Upstream.Protocol other) throws GeneralSecurityException {
        return other == protocol
                ? this
                : new Transport(other, tls, tls == null ? null : ClientTls.context(tls, other));
    }

    /// Whether connections that were opened for an upstream serve this one, too.
    public boolean serves(Upstream upstream) {
        return protocol == upstream.protocol()
                && (tls == null ? upstream.tls() == null : tls.equals(upstream.tls()));
    }
}
