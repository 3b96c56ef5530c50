package dev.sluice.listener;

import dev.sluice.ir.ClientValidation;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.Port;
import dev.sluice.ir.TcpListener;
import dev.sluice.ir.Tls;
import dev.sluice.ir.TlsListener;
import dev.sluice.net.Certificates;
import dev.sluice.net.ServerNameMap;
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

/// What becomes of the TLS connections of a port by server name: the most specific listener's
/// settings count, as for Host.
final class TlsContexts {

    private static final ApplicationProtocolConfig OF_HTTP =
            new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1);

    private final ServerNameMap<ServerNameAction> byName;
    private final Map<Settings, SslContext> contexts = new HashMap<>();
    private final boolean alerts;

    /// What a context is made from.
    ///
    /// @param http whether it asks for HTTP by ALPN
    private record Settings(Tls tls, boolean http) {}

    /// @param previous whose contexts are kept where the settings are the same, with their sessions
    TlsContexts(Port port, @Nullable TlsContexts previous) throws GeneralSecurityException {
        Map<String, ServerNameAction> actions = new HashMap<>();
        boolean onlyHttp = true;
        for (var listener : port.listeners()) {
            String hostname = listener.hostname().value();
            switch (listener) {
                case HttpListener http -> {
                    if (http.tls() != null) {
                        SslContext context = context(new Settings(http.tls(), true), previous);
                        actions.put(hostname, new ServerNameAction.ServeHttp(context));
                    }
                }
                case TlsListener over -> {
                    onlyHttp = false;
                    actions.put(hostname, action(over, previous));
                }
                case TcpListener _ -> {}
            }
        }
        this.byName = new ServerNameMap<>(actions);
        this.alerts = onlyHttp;
    }

    private ServerNameAction action(TlsListener listener, @Nullable TlsContexts previous)
            throws GeneralSecurityException {
        return listener.tls() == null
                ? new ServerNameAction.Passthrough(listener.name())
                : new ServerNameAction.Terminate(
                        context(new Settings(listener.tls(), false), previous), listener.name());
    }

    private SslContext context(Settings settings, @Nullable TlsContexts previous)
            throws GeneralSecurityException {
        SslContext known = contexts.get(settings);
        if (known == null && previous != null) {
            known = previous.contexts.get(settings);
        }
        if (known == null) {
            known = build(settings);
        }
        contexts.put(settings, known);
        return known;
    }

    private static SslContext build(Settings settings) throws GeneralSecurityException {
        Tls tls = settings.tls();
        try {
            return clients(
                            SslContextBuilder.forServer(
                                    Certificates.keyManagers(tls.certificates())),
                            tls.clients())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .applicationProtocolConfig(
                            settings.http() ? OF_HTTP : ApplicationProtocolConfig.DISABLED)
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
        return byName.isEmpty();
    }

    /// Whether a server name that no listener takes is answered by an alert (RFC 6066 3). Where
    /// connections are handed on, nobody but their backends speaks TLS.
    boolean alerts() {
        return alerts;
    }

    /// What becomes of a connection.
    ///
    /// @param serverName in lower case, empty when the client sent none
    /// @return null when no listener takes it
    @Nullable ServerNameAction find(String serverName) {
        return byName.find(serverName);
    }
}
