package dev.sluice.gateway.grpc;

import static dev.sluice.fixture.grpc.GrpcEcho.BOTH;
import static dev.sluice.fixture.grpc.GrpcEcho.HANG;
import static dev.sluice.fixture.grpc.GrpcEcho.HANG_UNARY;
import static dev.sluice.fixture.grpc.GrpcEcho.HANG_UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.grpc.Collected;
import dev.sluice.fixture.grpc.GrpcEcho;
import dev.sluice.fixture.grpc.GrpcLane;
import dev.sluice.fixture.grpc.ResettingBackend;
import dev.sluice.ir.Upstream.Endpoint;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.netty.handler.codec.http2.Http2Error;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls of gRPC that end before their time, by either side.
abstract class GrpcCancellationContract {

    /// A gateway in front of a backend, in the way that the subclass is about.
    abstract Served serve(Endpoint backend);

    private static MethodDescriptor<byte[], byte[]> method(String name) {
        return List.of(HANG, HANG_UNARY, HANG_UP, BOTH).stream()
                .filter(method -> name.equals(method.getBareMethodName()))
                .findFirst()
                .orElseThrow();
    }

    /// Begins a call, with a message.
    private static ClientCall<byte[], byte[]> begin(
            GrpcLane lane, MethodDescriptor<byte[], byte[]> method, Collected answer) {
        ClientCall<byte[], byte[]> call = lane.channel().newCall(method, CallOptions.DEFAULT);
        switch (method.getType()) {
            case UNARY -> ClientCalls.asyncUnaryCall(call, new byte[0], answer);
            case SERVER_STREAMING ->
                    ClientCalls.asyncServerStreamingCall(call, new byte[0], answer);
            case CLIENT_STREAMING ->
                    ClientCalls.asyncClientStreamingCall(call, answer).onNext(new byte[0]);
            case BIDI_STREAMING ->
                    ClientCalls.asyncBidiStreamingCall(call, answer).onNext(new byte[0]);
            case UNKNOWN -> throw new IllegalArgumentException(method.toString());
        }
        return call;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "hangUnary", "hangUp"})
    void callThatTheClientCancels_isCancelledAtTheBackend(String name) throws Exception {
        try (GrpcEcho backend = new GrpcEcho();
                GrpcLane lane = new GrpcLane(serve(backend.endpoint()))) {
            Collected answer = new Collected();
            ClientCall<byte[], byte[]> call = begin(lane, method(name), answer);
            await().until(() -> backend.hanging() == 1);
            call.cancel("enough", null);
            await().untilAsserted(() -> assertThat(backend.cancelled()).isEqualTo(1));
            assertThat(answer.end()).isEqualTo(Status.Code.CANCELLED);
        }
    }

    @Test
    void deadline_endsTheCallOnBothSides() throws Exception {
        try (GrpcEcho backend = new GrpcEcho();
                GrpcLane lane = new GrpcLane(serve(backend.endpoint()))) {
            Iterator<byte[]> all =
                    ClientCalls.blockingServerStreamingCall(
                            lane.channel(),
                            HANG,
                            CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS),
                            new byte[0]);
            StatusRuntimeException error =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> {
                                all.next();
                                all.next();
                            });
            assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            await().untilAsserted(
                            () -> assertThat(backend.cancelled()).isEqualTo(backend.hanging()));
        }
    }

    @Test
    void backendThatEnds_endsTheCall() throws Exception {
        try (GrpcEcho backend = new GrpcEcho();
                GrpcLane lane = new GrpcLane(serve(backend.endpoint()))) {
            Collected answer = new Collected();
            begin(lane, HANG, answer);
            await().until(() -> !answer.values().isEmpty());
            backend.stop();
            assertThat(answer.end()).isNotEqualTo(Status.Code.OK);
        }
    }

    /// As gRPC reads the code of a reset, where it is one of a call and not of the connection.
    @ParameterizedTest
    @CsvSource({
        "CANCEL, hangUnary, CANCELLED",
        "CANCEL, hangUp, CANCELLED",
        "CANCEL, both, CANCELLED",
        "CANCEL, hang, CANCELLED",
        "REFUSED_STREAM, hangUnary, UNAVAILABLE",
        "INTERNAL_ERROR, hangUnary, UNAVAILABLE",
        "INTERNAL_ERROR, hangUp, UNAVAILABLE",
        "INTERNAL_ERROR, hang, INTERNAL"
    })
    void callThatTheBackendResets_endsAloneOnItsConnection(
            Http2Error reset, String name, Status.Code expected) throws Exception {
        try (ResettingBackend backend = new ResettingBackend(reset);
                GrpcLane lane = new GrpcLane(serve(backend.endpoint()))) {
            for (int i = 0; i < 3; i++) {
                Collected answer = new Collected();
                begin(lane, method(name), answer);
                assertThat(answer.end()).isEqualTo(expected);
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }
}
