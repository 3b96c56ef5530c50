package dev.sluice.listener;

import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// The certificates of clients.
final class ClientCertificates {

    private ClientCertificates() {}

    /// The certificate that the handshake has verified; null when there is none, or the listener
    /// lets in any (`AllowInsecureFallback`), which proves nothing.
    static @Nullable X509Certificate verified(SslHandler tls) {
        if (!tls.engine().getNeedClientAuth()) {
            return null;
        }
        try {
            return tls.engine().getSession().getPeerCertificates()[0]
                            instanceof X509Certificate certificate
                    ? certificate
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }
}
