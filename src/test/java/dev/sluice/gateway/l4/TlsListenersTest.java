package dev.sluice.gateway.l4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.RuleBuilder;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.TcpClient;
import dev.sluice.fixture.wire.TcpServer;
import dev.sluice.ir.AttachedL4Rule;
import dev.sluice.ir.Backend;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.HostPattern;
import dev.sluice.ir.HttpListener;
import dev.sluice.ir.L4Rule;
import dev.sluice.ir.Listener;
import dev.sluice.ir.Origin;
import dev.sluice.ir.Port;
import dev.sluice.ir.Tls;
import dev.sluice.ir.TlsListener;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.ir.Upstream.Protocol;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.net.Certificates;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Listeners of TLS: passed through and terminated, by server name.
class TlsListenersTest {

    private static final Tls.Certificate FRONT = TestCertificates.make("front", "EC");
    private static final Tls.Certificate BACK =
            TestCertificates.make(
                    "back.example", "EC", new GeneralName(GeneralName.dNSName, "back.example"));

    private final Map<String, Upstream> upstreams = new HashMap<>();
    private int rules;

    private static SSLContext context(Tls.@Nullable Certificate own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys =
                own == null ? null : Certificates.keyManagers(List.of(own)).getKeyManagers();
        context.init(keys, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
    }

    /// A backend that speaks TLS, and says a name when the handshake is over.
    private static TcpServer secured(String name) throws IOException {
        return new TcpServer(plain -> {
            try (SSLSocket tls = accept(plain)) {
                tls.getOutputStream().write(RawBackend.bytes(name + "\n"));
                tls.getInputStream().transferTo(tls.getOutputStream());
            }
        });
    }

    private static SSLSocket accept(Socket plain) throws IOException {
        try {
            SSLSocket tls =
                    (SSLSocket) context(BACK).getSocketFactory().createSocket(plain, null, true);
            tls.startHandshake();
            return tls;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private SSLSocket client(int port, @Nullable String serverName) throws Exception {
        SSLSocket socket =
                (SSLSocket)
                        context(null)
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        if (serverName != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    private static String line(SSLSocket socket) throws IOException {
        return new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                .readLine();
    }

    private static String subject(SSLSocket socket) throws Exception {
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
    }

    private AttachedL4Rule rule(String hostname, String id, Endpoint endpoint) {
        return rule(hostname, new Upstream(id, Protocol.TCP, null, List.of(endpoint)));
    }

    private AttachedL4Rule rule(String hostname, Upstream upstream) {
        upstreams.put(upstream.id(), upstream);
        List<Backend> to = List.of(TestGateway.forward(1, upstream.id()));
        Origin origin = new Origin("TLSRoute", "test", "route", rules++, null, Instant.EPOCH);
        return new AttachedL4Rule(List.of(new HostPattern(hostname)), new L4Rule(origin, to));
    }

    private static TlsListener passthrough(String hostname, AttachedL4Rule... rules) {
        return new TlsListener(
                "test/gateway/pass" + hostname, new HostPattern(hostname), null, List.of(rules));
    }

    private static TlsListener terminate(String hostname, AttachedL4Rule... rules) {
        return new TlsListener(
                "test/gateway/term" + hostname,
                new HostPattern(hostname),
                new Tls(List.of(FRONT), null),
                List.of(rules));
    }

    private Configuration of(Listener... listeners) {
        Port port =
                new Port(TestGateway.PORT, "test/gateway", "127.0.0.1", 0, 443, List.of(listeners));
        return new Configuration(List.of(port), upstreams);
    }

    @Test
    void passthrough_showsTheBackendsCertificate() throws Exception {
        try (TcpServer back = secured("back");
                TestGateway gateway =
                        new TestGateway()
                                .publish(of(passthrough("", rule("", "a", back.endpoint()))));
                SSLSocket client = client(gateway.port(), "any.example")) {
            assertThat(subject(client)).isEqualTo("CN=back.example");
            assertThat(line(client)).isEqualTo("back");
        }
    }

    @Test
    void mostSpecificHostname_takesAConnection() throws Exception {
        try (TcpServer one = secured("one");
                TcpServer wild = secured("wild");
                TcpServer old = secured("old");
                TestGateway gateway =
                        new TestGateway()
                                .publish(
                                        of(
                                                passthrough(
                                                        "*.example",
                                                        rule("a.example", "one", one.endpoint()),
                                                        rule("*.example", "wild", wild.endpoint()),
                                                        rule("b.c.example", "old", old.endpoint()),
                                                        rule(
                                                                "b.c.example",
                                                                "one",
                                                                one.endpoint()))))) {
            assertThat(said(gateway, "a.example")).isEqualTo("one");
            assertThat(said(gateway, "x.example")).isEqualTo("wild");
            assertThat(said(gateway, "B.C.example")).isEqualTo("old"); // the older of two
        }
    }

    private String said(TestGateway gateway, String serverName) throws Exception {
        try (SSLSocket client = client(gateway.port(), serverName)) {
            return line(client);
        }
    }

    @Test
    void terminated_isHandedOnInClearText() throws Exception {
        try (TcpServer back = TcpServer.named("plain");
                TestGateway gateway =
                        new TestGateway()
                                .publish(of(terminate("", rule("", "a", back.endpoint()))));
                SSLSocket client = client(gateway.port(), "any.example")) {
            assertThat(subject(client)).isEqualTo("CN=front");
            assertThat(line(client)).isEqualTo("plain");
        }
    }

    @Test
    void terminated_isEncryptedAnew_forABackendOfTls() throws Exception {
        UpstreamTls tls = new UpstreamTls("back.example", List.of(), List.of(BACK.chain()), FRONT);
        try (TcpServer back = secured("back");
                TestGateway gateway =
                        new TestGateway()
                                .publish(
                                        of(
                                                terminate(
                                                        "",
                                                        rule(
                                                                "",
                                                                new Upstream(
                                                                        "a",
                                                                        Protocol.TCP,
                                                                        tls,
                                                                        List.of(
                                                                                back
                                                                                        .endpoint()))))));
                SSLSocket client = client(gateway.port(), "any.example")) {
            assertThat(subject(client)).isEqualTo("CN=front");
            assertThat(line(client)).isEqualTo("back");
        }
    }

    /// Netty's TLS ends both directions with the first (RFC 8446 6.1 would let the other go on), so
    /// that there is no answer; but nothing of what was sent is lost.
    @Test
    void terminated_endsWhatItSends_andTheBackendGetsAllOfIt() throws Exception {
        CompletableFuture<Integer> got = new CompletableFuture<>();
        try (TcpServer back =
                        new TcpServer(connection -> {
                            got.complete(connection.getInputStream().readAllBytes().length);
                        });
                TestGateway gateway =
                        new TestGateway()
                                .publish(of(terminate("", rule("", "a", back.endpoint()))));
                SSLSocket client = client(gateway.port(), "any.example")) {
            client.getOutputStream().write(new byte[1_000_000]);
            client.shutdownOutput();
            assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo(1_000_000);
        }
    }

    @Test
    void onePort_passesThrough_terminates_andServesHttps() throws Exception {
        try (TcpServer secured = secured("secured");
                TcpServer plain = TcpServer.named("plain");
                RawBackend http = RawBackend.saying("http")) {
            upstreams.put(
                    "http", new Upstream("http", Protocol.HTTP1, null, List.of(http.endpoint())));
            Listener https =
                    new HttpListener(
                            "test/gateway/https",
                            new HostPattern("h.example"),
                            new Tls(List.of(FRONT), null),
                            List.of(RuleBuilder.rule(0).to("http").attached(HostPattern.ANY)));
            Configuration mixed =
                    of(
                            passthrough("p.example", rule("", "p", secured.endpoint())),
                            terminate("t.example", rule("", "t", plain.endpoint())),
                            https);
            try (TestGateway gateway = new TestGateway().publish(mixed);
                    SSLSocket client = client(gateway.port(), "h.example")) {
                assertThat(said(gateway, "p.example")).isEqualTo("secured");
                assertThat(said(gateway, "t.example")).isEqualTo("plain");
                client.getOutputStream()
                        .write(RawBackend.bytes("GET / HTTP/1.0\r\nHost: h.example\r\n\r\n"));
                assertThat(line(client)).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void nameThatNobodyTakes_isEnded_withoutAnAlert() throws Exception {
        try (TcpServer back = secured("back");
                TestGateway gateway =
                        new TestGateway()
                                .publish(
                                        of(
                                                passthrough(
                                                        "*.example",
                                                        rule("a.example", "a", back.endpoint())),
                                                terminate("t.test")))) {
            for (String name : List.of("other.test", "b.example")) {
                try (TcpClient client = new TcpClient(gateway.port())) {
                    client.socket().getOutputStream().write(hello(name));
                    assertThat(client.isEnded()).isTrue();
                }
            }
        }
    }

    @Test
    void clientHelloInSingleBytes_reachesTheBackendAsItWas() throws Exception {
        byte[] hello = hello("a.example");
        CompletableFuture<byte[]> got = new CompletableFuture<>();
        try (TcpServer back =
                        new TcpServer(connection -> {
                            got.complete(connection.getInputStream().readNBytes(hello.length));
                        });
                TestGateway gateway =
                        new TestGateway()
                                .publish(of(passthrough("", rule("", "a", back.endpoint()))));
                TcpClient client = new TcpClient(gateway.port())) {
            client.socket().setTcpNoDelay(true);
            for (byte each : hello) {
                client.socket().getOutputStream().write(each);
            }
            assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo(hello);
        }
    }

    private static byte[] hello(String serverName) throws Exception {
        SSLEngine engine = context(null).createSSLEngine(serverName, 443);
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }
}
