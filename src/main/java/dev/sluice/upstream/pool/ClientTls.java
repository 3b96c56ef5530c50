package dev.sluice.upstream.pool;

import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream.Protocol;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.net.Certificates;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

/// TLS contexts for connections to backends.
final class ClientTls {

    private ClientTls() {}

    static SslContext context(UpstreamTls tls, Protocol protocol) throws GeneralSecurityException {
        X509TrustManager authorities = Certificates.trust(tls.authorities());
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .applicationProtocolConfig(alpn(protocol));
        Tls.Certificate certificate = tls.clientCertificate();
        if (certificate != null) {
            builder.keyManager(Certificates.keyManagers(List.of(certificate)));
        }
        if (tls.subjectAltNames().isEmpty()) {
            builder.trustManager(authorities).endpointIdentificationAlgorithm("HTTPS");
        } else {
            builder.trustManager(new SubjectAltNames(authorities, tls.subjectAltNames()))
                    .endpointIdentificationAlgorithm(null);
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static ApplicationProtocolConfig alpn(Protocol protocol) {
        return switch (protocol) {
            case HTTP1 -> alpn(ApplicationProtocolNames.HTTP_1_1);
            case HTTP2 -> alpn(ApplicationProtocolNames.HTTP_2);
            case TCP -> ApplicationProtocolConfig.DISABLED;
        };
    }

    private static ApplicationProtocolConfig alpn(String name) {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                name);
    }
}
