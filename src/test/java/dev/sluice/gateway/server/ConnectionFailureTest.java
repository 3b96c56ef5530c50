package dev.sluice.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.http.MessageLimits;
import dev.sluice.ir.Backend;
import dev.sluice.ir.ClientValidation;
import dev.sluice.ir.Configuration;
import dev.sluice.ir.L4Rule;
import dev.sluice.ir.Origin;
import dev.sluice.ir.Port;
import dev.sluice.ir.ProxyProtocol;
import dev.sluice.ir.TcpListener;
import dev.sluice.ir.Tls;
import dev.sluice.net.AddressBlocks;
import dev.sluice.net.Certificates;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.TrustedProxies;
import dev.sluice.observe.AccessSink;
import dev.sluice.server.ServerSettings;
import dev.sluice.telemetry.AccessEntry;
import dev.sluice.telemetry.AccessLogObserver;
import dev.sluice.telemetry.FailureObserver;
import dev.sluice.upstream.UpstreamSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections that are ended, or not taken, for an error that is not of one request: each has a
/// line in the access log and is counted by its reason, once.
class ConnectionFailureTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final TrustManager[] TRUST_ALL =
            InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
    private static final Tls.Certificate CERTIFICATE = TestCertificates.make("a.example", "EC");
    private static final Tls TLS = new Tls(List.of(CERTIFICATE), null);
    private static final Tls OF_CLIENTS =
            new Tls(
                    List.of(CERTIFICATE),
                    new ClientValidation(List.of(CERTIFICATE.chain()), false));

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<AccessEntry> log = new ConcurrentLinkedQueue<>();

    /// Patient, but where a test waits for the end of patience.
    private static ServerSettings settings(Duration header, Duration write, int connections) {
        return new ServerSettings(
                        MessageLimits.DEFAULT,
                        header,
                        LONG,
                        LONG,
                        write,
                        connections,
                        TrustedProxies.NONE)
                .with(AddressBlocks.of(List.of("127.0.0.1")));
    }

    private TestGateway gateway(ServerSettings settings) {
        Observer observer =
                Observer.all(
                        List.of(
                                new FailureObserver(meters),
                                new AccessLogObserver(AccessSink.STDOUT, log::add)));
        return new TestGateway(
                settings, UpstreamSettings.DEFAULT, _ -> null, RulePolicies.NONE, observer);
    }

    private static Configuration tcp(@Nullable List<Backend> backends) {
        Origin origin = new Origin("TCPRoute", "test", "route", 0, null, Instant.EPOCH);
        L4Rule rule = backends == null ? null : new L4Rule(origin, backends);
        TcpListener listener = new TcpListener("test/gateway/tcp", rule);
        Port port =
                new Port(TestGateway.PORT, "test/gateway", "127.0.0.1", 0, 99, List.of(listener));
        return new Configuration(List.of(port), Map.of());
    }

    private TestGateway gateway(ConnectionFailure reason) {
        return switch (reason) {
            case TOO_MANY -> gateway(settings(LONG, LONG, 0)).publish();
            case CLIENT_STALLED -> gateway(settings(LONG, SHORT, 9));
            case NO_ROUTE -> gateway(settings(LONG, LONG, 9)).publish(tcp(null));
            case NO_BACKEND -> gateway(settings(LONG, LONG, 9)).publish(tcp(List.of()));
            case PROXY_UNTRUSTED ->
                    gateway(ServerSettings.DEFAULT.with(AddressBlocks.of(List.of("10.0.0.0/8"))))
                            .proxyProtocol(ProxyProtocol.REQUIRED)
                            .publish();
            case PROXY_MISSING, PROXY_MALFORMED ->
                    gateway(settings(LONG, LONG, 9))
                            .proxyProtocol(ProxyProtocol.REQUIRED)
                            .publish();
            case PROXY_TIMEOUT ->
                    gateway(settings(SHORT, LONG, 9))
                            .proxyProtocol(ProxyProtocol.REQUIRED)
                            .publish();
            case TLS_TIMEOUT -> gateway(settings(SHORT, LONG, 9)).tls(TLS).publish();
            case TLS_MALFORMED, TLS_CLIENT_ENDED, TLS_FAILED ->
                    gateway(settings(LONG, LONG, 9)).tls(TLS).publish();
            case TLS_SERVER_NAME -> gateway(settings(LONG, LONG, 9)).tls(TLS);
            case TLS_CLIENT_CERTIFICATE ->
                    gateway(settings(LONG, LONG, 9)).tls(OF_CLIENTS).publish();
            case HTTP2_TIMEOUT -> gateway(settings(SHORT, LONG, 9)).publish();
            case HTTP2_PROTOCOL, HTTP2_FLOOD -> gateway(settings(LONG, LONG, 9)).publish();
        };
    }

    private void provoke(ConnectionFailure reason, TestGateway gateway) throws Exception {
        switch (reason) {
            case TOO_MANY, NO_ROUTE, NO_BACKEND, PROXY_UNTRUSTED, PROXY_TIMEOUT, TLS_TIMEOUT ->
                    refused(gateway, "");
            case CLIENT_STALLED -> stall(gateway);
            case PROXY_MISSING, TLS_MALFORMED ->
                    refused(gateway, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            case PROXY_MALFORMED -> refused(gateway, "PROXY TCP4 203.0.113.7\r\n");
            case TLS_SERVER_NAME -> {
                try (RawBackend backend = RawBackend.echo()) {
                    gateway.to(backend, Map.of("a.example", List.of()));
                    shake(gateway.port(), "b.example", context(null, TRUST_ALL), null);
                }
            }
            case TLS_CLIENT_CERTIFICATE ->
                    shake(gateway.port(), null, context(null, TRUST_ALL), null);
            case TLS_CLIENT_ENDED -> shake(gateway.port(), null, context(null, null), null);
            case TLS_FAILED ->
                    // The certificate has an EC key.
                    shake(
                            gateway.port(),
                            null,
                            context(null, TRUST_ALL),
                            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
            case HTTP2_TIMEOUT -> refused(gateway, "PR");
            case HTTP2_PROTOCOL -> frames(gateway, RawHttp2Client.DATA, 1);
            case HTTP2_FLOOD -> frames(gateway, RawHttp2Client.PING, 20_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failure_isLoggedAndCountedOnce(ConnectionFailure reason) throws Exception {
        try (TestGateway gateway = gateway(reason)) {
            provoke(reason, gateway);
            awaitCount(reason);
        }
        assertOne(reason);
        assertThat(connections())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.client()).isEqualTo("127.0.0.1");
                    assertThat(entry.protocol()).isEqualTo(reason.protocol());
                    assertThat(entry.failure()).isEqualTo(reason.reason());
                    assertThat(entry.host())
                            .isEqualTo(
                                    reason == ConnectionFailure.TLS_SERVER_NAME
                                            ? "b.example"
                                            : null);
                });
    }

    @Test
    void handshakeThatDoesNotEnd_isATimeout() throws Exception {
        SSLEngine engine = context(null, TRUST_ALL).createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        try (TestGateway gateway = gateway(settings(SHORT, LONG, 9)).tls(TLS).publish();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream().write(hello.array(), 0, hello.position());
            awaitCount(ConnectionFailure.TLS_TIMEOUT);
        }
        assertOne(ConnectionFailure.TLS_TIMEOUT);
    }

    @Test
    void clientThatGoesDuringTheHandshake_hasEndedIt() throws Exception {
        SSLEngine engine = context(null, TRUST_ALL).createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        try (TestGateway gateway = gateway(settings(LONG, LONG, 9)).tls(TLS).publish()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                socket.getOutputStream().write(hello.array(), 0, hello.position());
                assertThat(socket.getInputStream().read()).isEqualTo(22); // a handshake's record
            }
            awaitCount(ConnectionFailure.TLS_CLIENT_ENDED);
        }
        assertOne(ConnectionFailure.TLS_CLIENT_ENDED);
    }

    @Test
    void clientCertificateOfAnotherAuthority_isNotAccepted() throws Exception {
        Tls.Certificate other = TestCertificates.make("other", "EC");
        KeyManager[] keys = Certificates.keyManagers(List.of(other)).getKeyManagers();
        try (TestGateway gateway = gateway(settings(LONG, LONG, 9)).tls(OF_CLIENTS).publish()) {
            shake(gateway.port(), null, context(keys, TRUST_ALL), null);
            awaitCount(ConnectionFailure.TLS_CLIENT_CERTIFICATE);
        }
        assertOne(ConnectionFailure.TLS_CLIENT_CERTIFICATE);
    }

    @Test
    void prefaceThatIsCutShort_isATimeout() throws Exception {
        try (TestGateway gateway = gateway(settings(SHORT, LONG, 9)).publish();
                RawClient client = gateway.client()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM");
            awaitCount(ConnectionFailure.HTTP2_TIMEOUT);
        }
        assertOne(ConnectionFailure.HTTP2_TIMEOUT);
    }

    /// As balancers check whether a port is open.
    @Test
    void connectionThatIsClosedBeforeItSaysAnything_isNoFailure() throws Exception {
        for (Tls tls : new Tls[] {null, TLS}) {
            try (TestGateway gateway = gateway(settings(LONG, LONG, 9)).tls(tls).publish()) {
                new Socket(InetAddress.getLoopbackAddress(), gateway.port()).close();
                try (Socket next = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                    next.shutdownOutput();
                    assertThat(next.getInputStream().read()).isEqualTo(-1);
                }
            }
        }
        assertThat(connections()).isEmpty();
    }

    private void awaitCount(ConnectionFailure reason) {
        Awaitility.await().until(() -> counter(reason).count() > 0);
    }

    private Counter counter(ConnectionFailure reason) {
        return meters.get("sluice.connections.failed").tag("reason", reason.name()).counter();
    }

    private void assertOne(ConnectionFailure reason) {
        for (ConnectionFailure each : ConnectionFailure.values()) {
            assertThat(counter(each).count()).as(each.name()).isEqualTo(each == reason ? 1 : 0);
        }
    }

    private List<AccessEntry> connections() {
        return log.stream().filter(entry -> entry.method() == null).toList();
    }

    private static void refused(TestGateway gateway, String bytes) throws IOException {
        try (RawClient client = gateway.client()) {
            client.send(bytes);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    private static void frames(TestGateway gateway, int type, int count) throws IOException {
        try (RawHttp2Client client = gateway.http2Client()) {
            try {
                for (int i = 0; i < count; i++) {
                    client.send(type, 0, 0, new byte[8]);
                }
            } catch (IOException e) {
                return; // cut, as it should be
            }
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    private void stall(TestGateway gateway) throws IOException {
        byte[] part = new byte[64 * 1024];
        try (RawBackend backend =
                        new RawBackend((_, _, out) -> {
                            out.write(RawBackend.bytes("HTTP/1.1 200 OK\r\n\r\n"));
                            try {
                                while (true) {
                                    out.write(part);
                                }
                            } catch (IOException e) {
                                return false; // its client is gone
                            }
                        });
                Socket socket = new Socket()) {
            gateway.to(backend);
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
            socket.getOutputStream().write(RawBackend.bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
            awaitCount(ConnectionFailure.CLIENT_STALLED);
        }
    }

    private static SSLContext context(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust)
            throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    /// A handshake that fails on one side, and so on both.
    ///
    /// @param suite the only one of TLS 1.2 that the client offers, null for all of all versions
    private static void shake(
            int port, @Nullable String name, SSLContext context, @Nullable String suite)
            throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            if (name != null) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            if (suite != null) {
                parameters.setProtocols(new String[] {"TLSv1.2"});
                parameters.setCipherSuites(new String[] {suite});
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SSLException _) {
            // as it should be
        }
    }
}
