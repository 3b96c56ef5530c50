package dev.sluice.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.Exchange;
import dev.sluice.engine.Observer;
import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.http.MessageLimits;
import dev.sluice.ir.ProxyProtocol;
import dev.sluice.ir.Tls;
import dev.sluice.net.AddressBlocks;
import dev.sluice.net.ConnectionFailure;
import dev.sluice.net.FailedConnection;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ports whose connections begin with a header of the PROXY protocol.
class ProxyProtocolTest {

    private static final String LINE = "PROXY TCP4 203.0.113.7 198.51.100.1 54321 443\r\n";
    private static final String BYTES =
            new String(
                    HexFormat.of()
                            .parseHex("0d0a0d0a000d0a515549540a2111000ccb007107c6336401d43101bb"),
                    StandardCharsets.ISO_8859_1);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Queue<String> clients = new ConcurrentLinkedQueue<>();

    private final Queue<ConnectionFailure> failures = new ConcurrentLinkedQueue<>();

    private static ServerSettings trusting(String... sources) {
        return ServerSettings.DEFAULT.with(AddressBlocks.of(List.of(sources)));
    }

    private TestGateway gateway(ServerSettings settings, @Nullable ProxyProtocol mode) {
        Observer observer =
                new Observer() {
                    @Override
                    public void ended(Exchange exchange, int status) {
                        clients.add(exchange.clientHost());
                    }

                    @Override
                    public void failed(FailedConnection connection) {
                        assertThat(connection.client()).isEqualTo("127.0.0.1");
                        failures.add(connection.reason());
                    }
                };
        return new TestGateway(
                        settings, UpstreamSettings.DEFAULT, _ -> null, RulePolicies.NONE, observer)
                .proxyProtocol(mode);
    }

    private void awaitClient(String address) {
        Awaitility.await().until(() -> !clients.isEmpty());
        assertThat(clients).containsExactly(address);
    }

    private void assertEnds(RawClient client, ConnectionFailure reason) throws IOException {
        assertThat(client.isClosedByServer()).isTrue();
        assertThat(failures).containsExactly(reason);
        failures.clear();
    }

    @ParameterizedTest
    @EnumSource(ProxyProtocol.class)
    void headerOfATrustedSource_namesTheClient(ProxyProtocol mode) throws Exception {
        for (String header : List.of(LINE, BYTES)) {
            clients.clear();
            try (RawBackend backend = RawBackend.echo();
                    TestGateway gateway = gateway(trusting("127.0.0.0/8"), mode).to(backend);
                    RawClient client = gateway.client()) {
                RawClient.Response response = client.send(header + GET).read();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body())
                        .containsIgnoringCase("x-forwarded-for: 203.0.113.7\r\n");
                awaitClient("203.0.113.7");
            }
        }
    }

    @Test
    void headerInSingleBytes_isRead() throws Exception {
        for (String header : List.of(LINE, BYTES)) {
            clients.clear();
            try (RawBackend backend = RawBackend.echo();
                    TestGateway gateway =
                            gateway(trusting("127.0.0.1"), ProxyProtocol.REQUIRED).to(backend);
                    RawClient client = gateway.client()) {
                for (char one : (header + GET).toCharArray()) {
                    client.send(String.valueOf(one));
                }
                assertThat(client.read().status()).isEqualTo(200);
                awaitClient("203.0.113.7");
            }
        }
    }

    @Test
    void headerBeforeTls_namesTheClient() throws Exception {
        Tls tls = new Tls(List.of(TestCertificates.make("a", "EC")), null);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(trusting("127.0.0.1"), ProxyProtocol.REQUIRED)
                                .tls(tls)
                                .to(backend);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream().write(BYTES.getBytes(StandardCharsets.ISO_8859_1));
            SSLSocket secure =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(socket, "a", gateway.port(), true);
            secure.setSoTimeout(RawClient.PATIENCE_MILLIS);
            secure.getOutputStream()
                    .write(
                            RawBackend.bytes(
                                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
            String answer =
                    new String(secure.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("x-forwarded-for: 203.0.113.7\r\n")
                    .containsIgnoringCase("x-forwarded-proto: https\r\n");
            awaitClient("203.0.113.7");
        }
    }

    @Test
    void headerBeforeHttp2_isRead() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(trusting("127.0.0.1"), ProxyProtocol.REQUIRED).to(backend);
                RawClient client = gateway.client()) {
            client.send(LINE + "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
            String frame = client.read(9);
            assertThat(frame.charAt(3)).isEqualTo((char) 4); // SETTINGS
        }
    }

    /// What the header names is the peer, whose forwarding fields are believed or not.
    @Test
    void forwardingFields_areBelievedOfTheClient_notOfTheBalancer() throws Exception {
        ServerSettings settings =
                trusting("127.0.0.1").with(TrustedProxies.of(List.of("127.0.0.1")));
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway = gateway(settings, ProxyProtocol.REQUIRED).to(backend);
                RawClient client = gateway.client()) {
            String forged = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n";
            assertThat(client.send(LINE + forged).read().body())
                    .containsIgnoringCase("x-forwarded-for: 203.0.113.7\r\n");
            awaitClient("203.0.113.7");
        }
    }

    @Test
    void connectionOfTheBalancerItself_hasItsAddress() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(trusting("127.0.0.1"), ProxyProtocol.REQUIRED).to(backend);
                RawClient client = gateway.client()) {
            assertThat(client.send("PROXY UNKNOWN\r\n" + GET).read().status()).isEqualTo(200);
            awaitClient("127.0.0.1");
        }
    }

    @Test
    void sourceThatIsNotTrusted_isNotBelieved_norReadWhereAHeaderIsRequired() throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(trusting("10.0.0.0/8"), ProxyProtocol.REQUIRED).to(backend);
                RawClient client = gateway.client()) {
            client.send(LINE + GET);
            assertEnds(client, ConnectionFailure.PROXY_UNTRUSTED);
        }
        for (String header : List.of(LINE, BYTES)) {
            clients.clear();
            try (RawBackend backend = RawBackend.echo();
                    TestGateway gateway =
                            gateway(trusting("10.0.0.0/8"), ProxyProtocol.OPTIONAL).to(backend);
                    RawClient client = gateway.client();
                    RawClient plain = gateway.client()) {
                assertThat(client.send(header + GET).read().status()).isEqualTo(400);
                awaitClient("127.0.0.1");
                assertThat(plain.get("a", "/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void connectionWithoutAHeader_isRefusedWhereItIsRequired_andServedWhereItIsNot()
            throws Exception {
        try (RawBackend backend = RawBackend.echo();
                TestGateway gateway =
                        gateway(trusting("127.0.0.1"), ProxyProtocol.REQUIRED).to(backend);
                RawClient client = gateway.client()) {
            client.send(GET);
            assertEnds(client, ConnectionFailure.PROXY_MISSING);
            gateway.proxyProtocol(ProxyProtocol.OPTIONAL).publish();
            try (RawClient next = gateway.client()) {
                assertThat(next.get("a", "/").status()).isEqualTo(200);
            }
            gateway.proxyProtocol(null).publish();
            try (RawClient next = gateway.client()) {
                assertThat(next.send(LINE + GET).read().status()).isEqualTo(400);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 203.0.113.7\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.1 99999 443\r\n",
                "PROXY xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                        + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "\r\n\r\n\0\r\nQUIT\n!\21\377\377"
            })
    void malformedHeader_endsTheConnection(String header) throws Exception {
        for (ProxyProtocol mode : ProxyProtocol.values()) {
            try (RawBackend backend = RawBackend.echo();
                    TestGateway gateway = gateway(trusting("127.0.0.1"), mode).to(backend);
                    RawClient client = gateway.client()) {
                client.send(header + GET);
                assertEnds(client, ConnectionFailure.PROXY_MALFORMED);
            }
        }
    }

    @Test
    void headerThatDoesNotCome_endsTheConnection() throws Exception {
        Duration limit = Duration.ofMillis(200);
        ServerSettings settings =
                new ServerSettings(
                                MessageLimits.DEFAULT,
                                limit,
                                limit,
                                limit,
                                limit,
                                10,
                                TrustedProxies.NONE)
                        .with(AddressBlocks.of(List.of("127.0.0.1")));
        for (String part : List.of("", "PROX", LINE.substring(0, 30), BYTES.substring(0, 20))) {
            try (RawBackend backend = RawBackend.echo();
                    TestGateway gateway = gateway(settings, ProxyProtocol.OPTIONAL).to(backend);
                    RawClient client = gateway.client()) {
                client.send(part);
                assertEnds(client, ConnectionFailure.PROXY_TIMEOUT);
            }
        }
    }
}
