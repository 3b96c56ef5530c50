package dev.sluice.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.ir.Upstream.Protocol;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.ir.UpstreamTls.SubjectAltName;
import dev.sluice.ir.UpstreamTls.SubjectAltName.Dns;
import dev.sluice.ir.UpstreamTls.SubjectAltName.Uri;
import dev.sluice.net.Certificates;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/// Encryption to backends as a BackendTLSPolicy asks for it (GEP-1897): whom they have to be, and
/// who they are told that we are.
class BackendTlsTest {

    private static final Tls.Certificate BACKEND =
            TestCertificates.make(
                    "backend",
                    "EC",
                    new GeneralName(GeneralName.dNSName, "store.internal"),
                    new GeneralName(
                            GeneralName.uniformResourceIdentifier, "spiffe://cluster/store"));
    private static final Tls.Certificate CLIENT = TestCertificates.make("gateway", "EC");
    private static final Tls.Certificate STRANGER = TestCertificates.make("stranger", "EC");

    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable DisposableServer server;

    @AfterEach
    void stop() {
        client.close();
        if (server != null) {
            server.disposeNow();
        }
    }

    /// A backend that says what it was spoken to with.
    private Endpoint backend(ClientAuth clients) throws Exception {
        SslContext tls =
                SslContextBuilder.forServer(Certificates.keyManagers(List.of(BACKEND)))
                        .clientAuth(clients)
                        .trustManager(Certificates.trust(List.of(CLIENT.chain())))
                        .applicationProtocolConfig(
                                new ApplicationProtocolConfig(
                                        ApplicationProtocolConfig.Protocol.ALPN,
                                        ApplicationProtocolConfig.SelectorFailureBehavior
                                                .NO_ADVERTISE,
                                        ApplicationProtocolConfig.SelectedListenerFailureBehavior
                                                .ACCEPT,
                                        ApplicationProtocolNames.HTTP_2,
                                        ApplicationProtocolNames.HTTP_1_1))
                        .build();
        DisposableServer started =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                        .secure(spec -> spec.sslContext(tls))
                        .handle((request, response) ->
                                response.sendString(Mono.just(told(request))))
                        .bindNow();
        server = started;
        return new Endpoint("127.0.0.1", started.port());
    }

    private static String told(HttpServerRequest request) {
        StringBuilder told = new StringBuilder(request.version().text());
        request.withConnection(connection -> {
            var channel = connection.channel();
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null && channel.parent() != null) {
                tls = channel.parent().pipeline().get(SslHandler.class);
            }
            SSLSession session = Objects.requireNonNull(tls).engine().getSession();
            if (session instanceof ExtendedSSLSession extended) {
                told.append(' ').append(extended.getRequestedServerNames());
            }
            try {
                told.append(' ').append(session.getPeerPrincipal());
            } catch (SSLPeerUnverifiedException e) {
                told.append(" nobody");
            }
        });
        return told.toString();
    }

    private static UpstreamTls expecting(String hostname, SubjectAltName... names) {
        return trusting(BACKEND.chain(), hostname, names);
    }

    /// Without a certificate of ours.
    @SuppressWarnings(
            "NullAway") // the class file of a record tells less of its constructor than the source
    private static UpstreamTls trusting(
            String authority, String hostname, SubjectAltName... names) {
        List<String> authorities = authority.isEmpty() ? List.of() : List.of(authority);
        return new UpstreamTls(hostname, List.of(names), authorities, null);
    }

    private HttpResponse<String> get(Endpoint backend, Protocol protocol, UpstreamTls tls)
            throws Exception {
        try (TestGateway gateway = new TestGateway()) {
            gateway.backend(new Upstream("one", protocol, tls, List.of(backend)))
                    .rule("/", "one")
                    .publish();
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).contains("no TLS connection to the backend");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void hostname_isAskedForAndChecked(Protocol protocol) throws Exception {
        Endpoint backend = backend(ClientAuth.NONE);
        HttpResponse<String> right = get(backend, protocol, expecting("store.internal"));
        assertThat(right.statusCode()).isEqualTo(200);
        assertThat(right.body())
                .startsWith(protocol == Protocol.HTTP2 ? "HTTP/2.0 " : "HTTP/1.1 ")
                .contains("store.internal")
                .endsWith(" nobody");
        assertRefused(get(backend, protocol, expecting("other.internal")));
    }

    @Test
    void subjectAltNames_areCheckedInTheHostnamesPlace() throws Exception {
        Endpoint backend = backend(ClientAuth.NONE);
        for (SubjectAltName name :
                List.of(new Dns("store.internal"), new Uri("spiffe://cluster/store"))) {
            assertThat(
                            get(
                                            backend,
                                            Protocol.HTTP1,
                                            expecting("front.internal", new Dns("no"), name))
                                    .body())
                    .contains("front.internal");
        }
        assertRefused(
                get(
                        backend,
                        Protocol.HTTP1,
                        expecting("store.internal", new Uri("spiffe://cluster/other"))));
    }

    @Test
    void authorityThatIsNotTrusted_isRefused() throws Exception {
        UpstreamTls others = trusting(STRANGER.chain(), "store.internal");
        UpstreamTls systems = trusting("", "store.internal");
        Endpoint backend = backend(ClientAuth.NONE);
        assertRefused(get(backend, Protocol.HTTP1, others));
        assertRefused(get(backend, Protocol.HTTP1, systems));
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void clientCertificate_isPresented(Protocol protocol) throws Exception {
        Endpoint backend = backend(ClientAuth.REQUIRE);
        UpstreamTls with =
                new UpstreamTls("store.internal", List.of(), List.of(BACKEND.chain()), CLIENT);
        HttpResponse<String> known = get(backend, protocol, with);
        assertThat(known.statusCode()).isEqualTo(200);
        assertThat(known.body()).endsWith(" CN=gateway");
        // With TLS 1.3 a server refuses a client after the client's handshake is over.
        assertThat(get(backend, protocol, expecting("store.internal")).statusCode()).isEqualTo(502);
        UpstreamTls unknown =
                new UpstreamTls("store.internal", List.of(), List.of(BACKEND.chain()), STRANGER);
        assertThat(get(backend, protocol, unknown).statusCode()).isEqualTo(502);
    }
}
