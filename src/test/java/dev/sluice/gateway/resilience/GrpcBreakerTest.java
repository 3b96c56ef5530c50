package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.engine.RulePolicies;
import dev.sluice.fixture.gateway.TestGateway;
import dev.sluice.fixture.grpc.GrpcEcho;
import dev.sluice.fixture.grpc.GrpcLane;
import dev.sluice.ir.AttachedPolicy;
import dev.sluice.ir.AttachedPolicy.Mode;
import dev.sluice.ir.Backend;
import dev.sluice.ir.OutlierDetection;
import dev.sluice.ir.PolicySection;
import dev.sluice.ir.Timeouts;
import dev.sluice.ir.Upstream;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.policy.resilience.CircuitBreaking;
import dev.sluice.policy.resilience.CircuitBreaking.Fallback;
import dev.sluice.policy.resilience.CircuitBreaking.Window;
import dev.sluice.policy.resilience.ResilienceGuards;
import dev.sluice.server.ServerSettings;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Statuses of gRPC as outcomes, to sections `circuitBreaker` and `outlier`.
class GrpcBreakerTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final MethodDescriptor<byte[], byte[]> ASK =
            MethodDescriptor.newBuilder(GrpcEcho.BYTES, GrpcEcho.BYTES)
                    .setFullMethodName("test.Asked/ask")
                    .setType(MethodType.SERVER_STREAMING)
                    .build();

    /// Where the status stands.
    enum Place {
        IN_THE_HEAD,
        BEHIND_THE_HEAD,
        BEHIND_A_MESSAGE,
        NOWHERE
    }

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Server server = server();
    private volatile Place place = Place.IN_THE_HEAD;
    private volatile Status status = Status.OK;

    private Server server() {
        return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(
                        ServerServiceDefinition.builder("test.Asked")
                                .addMethod(ASK, (call, _) -> answer(call))
                                .build())
                .build();
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    private ServerCall.Listener<byte[]> answer(ServerCall<byte[], byte[]> call) {
        call.request(1);
        if (place != Place.IN_THE_HEAD) {
            call.sendHeaders(new Metadata());
        }
        if (place == Place.BEHIND_A_MESSAGE) {
            call.sendMessage(new byte[] {1});
        }
        if (place != Place.NOWHERE) {
            call.close(status, new Metadata());
        }
        return new ServerCall.Listener<>() {};
    }

    private static AttachedPolicy policy(String section, PolicySection value) {
        return new AttachedPolicy(
                "ResiliencePolicy", section, Mode.ENFORCE, "test/one", "Service one", value);
    }

    /// Opens when both of the last two calls failed; one call tries then.
    private GrpcLane lane(Duration open) {
        CircuitBreaking section =
                new CircuitBreaking(
                        new Window(Window.WindowType.COUNT, 2),
                        2,
                        100,
                        null,
                        open,
                        1,
                        Fallback.DEFAULT);
        RulePolicies policies =
                new RulePolicies(Map.of("ResiliencePolicy", new ResilienceGuards(meters)));
        Backend to =
                new Backend.Forward(
                        1, "one", List.of(), List.of(policy("circuitBreaker", section)), null);
        return new GrpcLane(
                new TestGateway(ServerSettings.DEFAULT, _ -> null, policies)
                        .http2Backend("one", new Endpoint("127.0.0.1", server.getPort()))
                        .rule("/", List.of(to), Timeouts.NONE)
                        .publish());
    }

    private static Code ask(GrpcLane lane) {
        StatusRuntimeException failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                ClientCalls.blockingServerStreamingCall(
                                                lane.channel(),
                                                ASK,
                                                CallOptions.DEFAULT.withDeadlineAfter(
                                                        20, TimeUnit.SECONDS),
                                                new byte[0])
                                        .forEachRemaining(message -> {}));
        return failure == null ? Code.OK : failure.getStatus().getCode();
    }

    private double open() {
        return meters.get("sluice.breaker.open").gauge().value();
    }

    @ParameterizedTest
    @EnumSource(names = {"IN_THE_HEAD", "BEHIND_THE_HEAD"})
    void faultsOfTheServer_openIt_andOthersDoNot(Place where) {
        place = where;
        List<Code> faults =
                List.of(
                        Code.UNKNOWN,
                        Code.DEADLINE_EXCEEDED,
                        Code.INTERNAL,
                        Code.UNAVAILABLE,
                        Code.DATA_LOSS);
        try (GrpcLane lane = lane(LONG)) {
            for (Code code : Code.values()) {
                if (!faults.contains(code)) {
                    status = code.toStatus();
                    assertThat(ask(lane)).isEqualTo(code);
                    assertThat(ask(lane)).isEqualTo(code);
                    assertThat(open()).as("%s", code).isZero();
                }
            }
        }
        for (Code code : faults) {
            meters.clear();
            status = code.toStatus();
            try (GrpcLane lane = lane(LONG)) {
                assertThat(ask(lane)).isEqualTo(code);
                assertThat(open()).isZero();
                assertThat(ask(lane)).isEqualTo(code);
                assertThat(open()).as("%s", code).isOne();
                status = Status.OK;
                assertThat(ask(lane)).isEqualTo(Code.UNAVAILABLE);
            }
        }
    }

    @Test
    void faultBehindAMessage_isNone() {
        place = Place.BEHIND_A_MESSAGE;
        status = Status.INTERNAL;
        try (GrpcLane lane = lane(LONG)) {
            for (int i = 0; i < 5; i++) {
                assertThat(ask(lane)).isEqualTo(Code.INTERNAL);
            }
            assertThat(open()).isZero();
        }
    }

    @Test
    void streamThatLasts_doesNotKeepOthersWaiting() {
        status = Status.UNAVAILABLE;
        try (GrpcLane lane = lane(Duration.ofMillis(100))) {
            ask(lane);
            ask(lane);
            assertThat(open()).isOne();
            place = Place.NOWHERE;
            Awaitility.await()
                    .pollDelay(Duration.ofMillis(200))
                    .until(() -> {
                        ClientCalls.asyncServerStreamingCall(
                                lane.channel().newCall(ASK, CallOptions.DEFAULT),
                                new byte[0],
                                new Ignoring());
                        return true;
                    });
            // It is the one that tries; it says nothing, and is good after a second.
            Awaitility.await().until(() -> open() == 0);
            place = Place.IN_THE_HEAD;
            status = Status.OK;
            Awaitility.await().until(() -> ask(lane) == Code.OK);
            assertThat(ask(lane)).isEqualTo(Code.OK);
        }
    }

    private static final class Ignoring implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] message) {}

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {}
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, true", "NOT_FOUND, false"})
    void unavailable_ejectsTheEndpoint(Code code, boolean ejects) {
        place = Place.BEHIND_THE_HEAD;
        status = code.toStatus();
        OutlierDetection section =
                new OutlierDetection(0, 3, LONG, LONG, 100, Duration.ofMillis(250));
        Endpoint endpoint = new Endpoint("127.0.0.1", server.getPort());
        TestGateway gateway =
                new TestGateway()
                        .backend(
                                new Upstream(
                                        "one",
                                        Upstream.Protocol.HTTP2,
                                        null,
                                        // Another name of the same server.
                                        List.of(
                                                endpoint,
                                                new Endpoint("127.0.0.2", server.getPort())),
                                        List.of(policy("outlier", section))))
                        .rule("/", "one")
                        .publish();
        try (GrpcLane lane = new GrpcLane(gateway)) {
            for (int i = 0; i < 30; i++) {
                assertThat(ask(lane)).isEqualTo(code);
            }
            double ejections =
                    gateway.meters().find("sluice.upstream.ejections").counters().stream()
                            .mapToDouble(Counter::count)
                            .sum();
            assertThat(ejections > 0).isEqualTo(ejects);
        }
    }
}
