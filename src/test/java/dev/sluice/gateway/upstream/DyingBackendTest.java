package dev.sluice.gateway.upstream;

import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.END_STREAM;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.fixture.wire.RawHttp2Client.Frame;
import dev.sluice.http.MessageLimits;
import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.ir.Upstream.Protocol;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.net.Certificates;
import dev.sluice.server.ServerSettings;
import dev.sluice.upstream.UpstreamSettings;
import dev.sluice.upstream.pool.PoolSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections to a backend that end before their first use. If one kept its place in the pool, of
/// which there is one here, the next request would wait for ever.
class DyingBackendTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Tls.Certificate CERTIFICATE = TestCertificates.make("backend", "EC");
    private static final byte[] CANCEL = {0, 0, 0, 8};

    /// What is done with one connection that was accepted; it is closed afterwards.
    private interface Script {
        void serve(Socket connection, int number) throws Exception;
    }

    private static TestGateway gateway(Duration idle) {
        return new TestGateway(
                ServerSettings.DEFAULT,
                UpstreamSettings.of(
                        new PoolSettings(
                                LONG, idle, LONG, LONG, 1, 1, LONG, MessageLimits.DEFAULT)));
    }

    private static TestGateway to(
            ServerSocket socket, Protocol protocol, boolean tls, Duration idle) {
        UpstreamTls trust =
                new UpstreamTls("backend", List.of(), List.of(CERTIFICATE.chain()), CERTIFICATE);
        Endpoint endpoint = new Endpoint("127.0.0.1", socket.getLocalPort());
        return gateway(idle)
                .backend(new Upstream("one", protocol, tls ? trust : null, List.of(endpoint)))
                .rule("/", "one")
                .publish();
    }

    private static ServerSocket listen(Script script) throws IOException {
        ServerSocket socket = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    for (int i = 0; !socket.isClosed(); i++) {
                        try (Socket accepted = socket.accept()) {
                            script.serve(accepted, i);
                        } catch (Exception e) {
                            // The gateway left, or the test is over.
                        }
                    }
                });
        return socket;
    }

    /// The server's side of a handshake on a connection.
    private static SSLSocket shake(Socket connection, Protocol protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(Certificates.keyManagers(List.of(CERTIFICATE)).getKeyManagers(), null, null);
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(connection, null, false);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(
                new String[] {protocol == Protocol.HTTP2 ? "h2" : "http/1.1"});
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static void get(RawHttp2Client client, int stream) throws IOException {
        client.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2Client.get("/"));
    }

    private static String answer(RawHttp2Client client) throws Exception {
        Frame head = client.read(HEADERS);
        return head.stream() + ": " + client.fields(head).status();
    }

    @ParameterizedTest
    @CsvSource({"HTTP1, false", "HTTP2, false", "HTTP1, true", "HTTP2, true"})
    void connectionThatEndsUnused_keepsNoPlace(Protocol protocol, boolean tls) throws Exception {
        Script dying =
                (connection, number) -> {
                    switch (number % 5) {
                        case 0 -> connection.setSoLinger(true, 0); // a reset
                        case 1 -> connection.getInputStream().read(); // an orderly end
                        case 2 -> connection.getOutputStream().write(RawBackend.bytes("?\r\n\r\n"));
                        case 3 -> {
                            if (tls) {
                                shake(connection, protocol).close();
                            }
                        }
                        default -> {
                            if (tls) {
                                shake(connection, protocol);
                            }
                            connection.setSoLinger(true, 0);
                        }
                    }
                };
        try (ServerSocket socket = listen(dying);
                TestGateway gateway = to(socket, protocol, tls, LONG);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            for (int i = 0; i < 60; i++) {
                get(client, 2 * i + 1);
                assertThat(answer(client)).matches((2 * i + 1) + ": 50[23]");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void clientThatLeavesMeanwhile_keepsNoPlace(Protocol protocol) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        Script dying =
                (connection, number) -> {
                    if (number == 0 && !left.await(20, TimeUnit.SECONDS)) {
                        throw new IOException("the client did not leave");
                    }
                    shake(connection, protocol).close();
                };
        try (ServerSocket socket = listen(dying);
                TestGateway gateway = to(socket, protocol, true, LONG);
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            get(client, 1);
            client.send(RST_STREAM, 0, 1, CANCEL);
            get(client, 3); // waits: the one connection is being opened
            left.countDown();
            assertThat(answer(client)).matches("3: 50[23]");
            get(client, 5);
            assertThat(answer(client)).matches("5: 50[23]");
        }
    }

    /// Nobody wants the connection when it is ready.
    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void connectionThatIsNeverUsed_isClosedWhenIdle(Protocol protocol) throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Script patient =
                (connection, _) -> {
                    accepted.countDown();
                    if (left.await(20, TimeUnit.SECONDS)) {
                        SSLSocket secured = shake(connection, protocol);
                        secured.getInputStream().readAllBytes();
                        closed.countDown();
                    }
                };
        try (ServerSocket socket = listen(patient);
                TestGateway gateway = to(socket, protocol, true, Duration.ofMillis(200));
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            get(client, 1);
            assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
            client.send(RST_STREAM, 0, 1, CANCEL);
            client.send(RawHttp2Client.PING, 0, 0, new byte[8]);
            client.read(RawHttp2Client.PING); // so that it has been read
            left.countDown();
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
