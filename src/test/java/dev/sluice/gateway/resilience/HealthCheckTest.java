package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Loopback;
import dev.sluice.fixture.TestCertificates;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.grpc.GrpcEcho;
import dev.sluice.fixture.wire.RawBackend;
import dev.sluice.fixture.wire.RawClient;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.HealthCheck;
import dev.sluice.ir.HealthCheck.Probe;
import dev.sluice.ir.Tls;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.ir.Upstream.Protocol;
import dev.sluice.ir.UpstreamTls;
import dev.sluice.net.Certificates;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Section `health` of ResiliencePolicies over sockets.
class HealthCheckTest {

    private static final Probe HEALTH = new Probe.Http("/health", List.of(200, 204));

    private volatile int status = 204;

    private static Upstream upstream(
            Probe probe,
            Mode mode,
            Protocol protocol,
            @Nullable UpstreamTls tls,
            Endpoint... endpoints) {
        HealthCheck section =
                new HealthCheck(probe, Duration.ofMillis(20), Duration.ofMillis(500), 2, 1);
        AttachedPolicy policy =
                new AttachedPolicy(
                        "ResiliencePolicy", "health", mode, "test/one", "Service one", section);
        return new Upstream("one", protocol, tls, List.of(endpoints), List.of(policy));
    }

    private static TestGateway gateway(Probe probe, Endpoint... endpoints) {
        return gateway(upstream(probe, Mode.ENFORCE, Protocol.HTTP1, null, endpoints));
    }

    private static TestGateway gateway(Upstream upstream) {
        return new TestGateway().backend(upstream).rule("/", "one").publish();
    }

    private static String get(TestGateway gateway) throws Exception {
        try (RawClient client = gateway.client()) {
            return client.get("a", "/").body();
        }
    }

    private static void awaitAvoided(TestGateway gateway, int count) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .until(() -> gateway.upstreamGauge("avoided") == count);
    }

    /// Answers questions with [#status], and requests with a text.
    private RawBackend backend(String text) throws IOException {
        return new RawBackend((request, _, out) -> {
            out.write(
                    request.startsWith("GET /health HTTP/1.1\r\n")
                            ? RawBackend.empty(status)
                            : RawBackend.ok(text));
            return true;
        });
    }

    @Test
    void unwellEndpoint_isNotPicked_untilItIsWellAgain() throws Exception {
        try (RawBackend good =
                        new RawBackend((request, _, out) -> {
                            out.write(RawBackend.ok("good"));
                            return true;
                        });
                RawBackend sick = backend("sick");
                TestGateway gateway = gateway(HEALTH, good.endpoint(), sick.endpoint())) {
            Awaitility.await().until(() -> sick.requests().size() > 3);
            assertThat(gateway.upstreamGauge("avoided")).isZero();
            status = 500;
            awaitAvoided(gateway, 1);
            for (int i = 0; i < 20; i++) {
                assertThat(get(gateway)).isEqualTo("good");
            }
            status = 200;
            awaitAvoided(gateway, 0);
            Awaitility.await().until(() -> get(gateway).equals("sick"));
            // Questions share a connection of their own, whatever requests do.
            assertThat(sick.connections()).isLessThanOrEqualTo(3);
        }
    }

    /// For more than twenty questions.
    private static void assertNeverAvoided(TestGateway gateway, AtomicInteger asked) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    assertThat(gateway.upstreamGauge("avoided")).isZero();
                    return asked.get() > 20;
                });
    }

    @Test
    void oneBadAnswer_isNotEnough() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend good = RawBackend.saying("good");
                RawBackend wavering =
                        new RawBackend((_, _, out) -> {
                            int answer = asked.incrementAndGet() % 2 == 0 ? 200 : 500;
                            out.write(RawBackend.empty(answer));
                            return true;
                        });
                TestGateway gateway = gateway(HEALTH, good.endpoint(), wavering.endpoint())) {
            assertNeverAvoided(gateway, asked);
        }
    }

    @Test
    void silentEndpoint_isNotPicked() throws Exception {
        try (RawBackend good = RawBackend.saying("good");
                RawBackend silent = new RawBackend((_, _, _) -> true);
                TestGateway gateway = gateway(HEALTH, good.endpoint(), silent.endpoint())) {
            awaitAvoided(gateway, 1);
            assertThat(get(gateway)).isEqualTo("good");
        }
    }

    @Test
    void closedConnection_thatWasKept_isReplaced() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend good = RawBackend.saying("good");
                RawBackend closing =
                        new RawBackend((_, _, out) -> {
                            asked.incrementAndGet();
                            out.write(RawBackend.ok(""));
                            return false;
                        });
                TestGateway gateway = gateway(HEALTH, good.endpoint(), closing.endpoint())) {
            assertNeverAvoided(gateway, asked);
        }
    }

    @Test
    void whereAllAreUnwell_allAreUsed() throws Exception {
        try (RawBackend a = backend("a");
                RawBackend b = backend("b");
                TestGateway gateway = gateway(HEALTH, a.endpoint(), b.endpoint())) {
            status = 503;
            Awaitility.await().until(() -> a.requests().size() > 10 && b.requests().size() > 10);
            assertThat(gateway.upstreamGauge("avoided")).isZero();
            Awaitility.await().until(() -> get(gateway).equals("a"));
            Awaitility.await().until(() -> get(gateway).equals("b"));
        }
    }

    @Test
    void shadow_asksAndPicksAll() throws Exception {
        try (RawBackend good = RawBackend.saying("good");
                RawBackend sick = backend("sick");
                TestGateway gateway =
                        gateway(
                                upstream(
                                        HEALTH,
                                        Mode.SHADOW,
                                        Protocol.HTTP1,
                                        null,
                                        good.endpoint(),
                                        sick.endpoint()))) {
            status = 503;
            Awaitility.await().until(() -> sick.requests().size() > 10);
            assertThat(gateway.upstreamGauge("avoided")).isZero();
            Awaitility.await().until(() -> get(gateway).equals("sick"));
        }
    }

    @Test
    void policyThatGoes_endsTheQuestions() throws Exception {
        try (RawBackend a = backend("a");
                RawBackend b = backend("b");
                TestGateway gateway = gateway(HEALTH, a.endpoint(), b.endpoint())) {
            status = 503;
            Awaitility.await().until(() -> a.requests().size() > 3);
            gateway.backend("one", a.endpoint(), b.endpoint()).publish();
            // What was under way comes to its end; after that it stays quiet.
            Awaitility.await()
                    .until(() -> {
                        int before = a.requests().size() + b.requests().size();
                        try (RawClient client = gateway.client()) {
                            for (int i = 0; i < 50; i++) {
                                client.get("x", "/");
                            }
                        }
                        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                        return a.requests().size() + b.requests().size() == before + 50;
                    });
        }
    }

    @Test
    void tcp_asksForAConnection() throws Exception {
        try (RawBackend good = RawBackend.saying("good");
                TestGateway gateway =
                        gateway(
                                new Probe.Tcp(),
                                good.endpoint(),
                                new Endpoint("127.0.0.1", Loopback.freePort()))) {
            awaitAvoided(gateway, 1);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void grpc_asksTheHealthService_ofServersThatSpeakHttp1Besides() throws Exception {
        for (Protocol protocol : Protocol.values()) {
            Server serving = grpc("shop.Cart", new byte[] {8, 1});
            Server notServing = grpc("shop.Cart", new byte[] {8, 2});
            Server unknowing = grpc("another", new byte[] {8, 1});
            try (TestGateway gateway =
                    gateway(
                            upstream(
                                    new Probe.Grpc("shop.Cart"),
                                    Mode.ENFORCE,
                                    protocol,
                                    null,
                                    new Endpoint("127.0.0.1", serving.getPort()),
                                    new Endpoint("127.0.0.1", notServing.getPort()),
                                    new Endpoint("127.0.0.1", unknowing.getPort())))) {
                awaitAvoided(gateway, 2);
            } finally {
                serving.shutdownNow();
                notServing.shutdownNow();
                unknowing.shutdownNow();
            }
        }
    }

    /// A server whose health service knows one service.
    private static Server grpc(String service, byte[] answer) throws IOException {
        MethodDescriptor<byte[], byte[]> check =
                MethodDescriptor.newBuilder(GrpcEcho.BYTES, GrpcEcho.BYTES)
                        .setFullMethodName("grpc.health.v1.Health/Check")
                        .setType(MethodType.UNARY)
                        .build();
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        byte[] known = new byte[name.length + 2];
        known[0] = 0x0a;
        known[1] = (byte) name.length;
        System.arraycopy(name, 0, known, 2, name.length);
        return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(
                        ServerServiceDefinition.builder("grpc.health.v1.Health")
                                .addMethod(
                                        check,
                                        ServerCalls.asyncUnaryCall((request, observer) -> {
                                            if (Arrays.equals(request, known)) {
                                                observer.onNext(answer);
                                                observer.onCompleted();
                                            } else {
                                                observer.onError(
                                                        io.grpc.Status.NOT_FOUND.asException());
                                            }
                                        }))
                                .build())
                .build()
                .start();
    }

    @Test
    void tls_isUsedAsForRequests() throws Exception {
        Tls.Certificate trusted = TestCertificates.make("backend", "EC");
        Tls.Certificate other = TestCertificates.make("backend", "EC");
        UpstreamTls tls = new UpstreamTls("backend", List.of(), List.of(trusted.chain()), trusted);
        for (Probe probe : List.of(HEALTH, new Probe.Tcp())) {
            try (SSLServerSocket good = serving(trusted);
                    SSLServerSocket bad = serving(other);
                    TestGateway gateway =
                            gateway(
                                    upstream(
                                            probe,
                                            Mode.ENFORCE,
                                            Protocol.HTTP1,
                                            tls,
                                            new Endpoint("127.0.0.1", good.getLocalPort()),
                                            new Endpoint("127.0.0.1", bad.getLocalPort())))) {
                awaitAvoided(gateway, 1);
                assertThat(get(gateway)).isEqualTo("GET / HTTP/1.1");
            }
        }
    }

    /// Answers with the request line.
    private static SSLServerSocket serving(Tls.Certificate certificate) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(Certificates.keyManagers(List.of(certificate)).getKeyManagers(), null, null);
        SSLServerSocket socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    while (!socket.isClosed()) {
                        try {
                            Socket connection = socket.accept();
                            Thread.ofVirtual().start(() -> serve(connection));
                        } catch (IOException e) {
                            return; // closed
                        }
                    }
                });
        return socket;
    }

    private static void serve(Socket connection) {
        try (connection) {
            String request = RawBackend.readRequest(connection.getInputStream());
            while (request != null) {
                connection
                        .getOutputStream()
                        .write(RawBackend.ok(request.substring(0, request.indexOf('\r'))));
                request = RawBackend.readRequest(connection.getInputStream());
            }
        } catch (IOException e) {
            // The gateway left, or does not trust us.
        }
    }
}
