package dev.sluice.listener;

import dev.sluice.ir.ClientValidation;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import dev.sluice.ir.TcpListener;
import dev.sluice.ir.Tls;
import dev.sluice.net.Certificates;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The TLS settings of a port by server name: the most specific listener's, as for Host.
final class TlsContexts {

    /// Characters of a host name (RFC 1035 2.3.4).
    private static final int LONGEST_NAME = 253;

    private final Map<String, SslContext> byHost = new HashMap<>();
    private final Map<Tls, SslContext> byTls = new HashMap<>();

    /// @param previous whose contexts are kept where the settings are the same, with their sessions
    TlsContexts(Port port, @Nullable TlsContexts previous) throws GeneralSecurityException {
        for (var listener : port.listeners()) {
            switch (listener) {
                case HttpListener http -> {
                    if (http.tls() != null) {
                        byHost.put(http.hostname().value(), context(http.tls(), previous));
                    }
                }
                case TcpListener _ -> {}
            }
        }
    }

    private SslContext context(Tls tls, @Nullable TlsContexts previous)
            throws GeneralSecurityException {
        SslContext known = byTls.get(tls);
        if (known == null && previous != null) {
            known = previous.byTls.get(tls);
        }
        if (known == null) {
            known = build(tls);
        }
        byTls.put(tls, known);
        return known;
    }

    private static SslContext build(Tls tls) throws GeneralSecurityException {
        try {
            return clients(
                            SslContextBuilder.forServer(
                                    Certificates.keyManagers(tls.certificates())),
                            tls.clients())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .applicationProtocolConfig(
                            new ApplicationProtocolConfig(
                                    Protocol.ALPN,
                                    SelectorFailureBehavior.NO_ADVERTISE,
                                    SelectedListenerFailureBehavior.ACCEPT,
                                    ApplicationProtocolNames.HTTP_2,
                                    ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (SSLException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static SslContextBuilder clients(
            SslContextBuilder builder, @Nullable ClientValidation clients)
            throws GeneralSecurityException {
        if (clients == null) {
            // Or Netty has each context read the authorities of the JDK, 18 ms and 60 KiB of them.
            return builder.clientAuth(ClientAuth.NONE).trustManager(new NoTrust());
        }
        return clients.insecureFallback()
                ? builder.clientAuth(ClientAuth.OPTIONAL).trustManager(new AcceptAnyTrust())
                : builder.clientAuth(ClientAuth.REQUIRE)
                        .trustManager(Certificates.trust(clients.authorities()));
    }

    boolean isEmpty() {
        return byHost.isEmpty();
    }

    /// The context for a server name in lower case, empty when the client sent none; null when no
    /// listener takes it.
    @Nullable SslContext find(String serverName) {
        SslContext exact = byHost.get(serverName);
        if (exact != null || serverName.length() > LONGEST_NAME) {
            return exact;
        }
        for (int dot = serverName.indexOf('.', 1);
                dot > 0;
                dot = serverName.indexOf('.', dot + 1)) {
            SslContext wildcard = byHost.get("*" + serverName.substring(dot));
            if (wildcard != null) {
                return wildcard;
            }
        }
        return byHost.get(HostPattern.ANY.value());
    }
}
