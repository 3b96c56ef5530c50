package dev.sluice.gateway.grpc;

import static dev.sluice.fixture.grpc.GrpcEcho.BINARY;
import static dev.sluice.fixture.grpc.GrpcEcho.BOTH;
import static dev.sluice.fixture.grpc.GrpcEcho.DOWN;
import static dev.sluice.fixture.grpc.GrpcEcho.FAIL;
import static dev.sluice.fixture.grpc.GrpcEcho.TEXT;
import static dev.sluice.fixture.grpc.GrpcEcho.UNARY;
import static dev.sluice.fixture.grpc.GrpcEcho.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.gateway.Served;
import dev.sluice.fixture.grpc.Collected;
import dev.sluice.fixture.grpc.GrpcEcho;
import dev.sluice.fixture.grpc.GrpcLane;
import dev.sluice.ir.Upstream.Endpoint;
import dev.sluice.net.TrustedProxies;
import dev.sluice.server.ServerSettings;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// gRPC through the gateway, with grpc-java on both ends.
public abstract class GrpcContract {

    /// Where the client is a trusted proxy, which may have a thousand streams open.
    static final ServerSettings FROM_PROXY =
            ServerSettings.DEFAULT.with(TrustedProxies.of(List.of("127.0.0.0/8", "::1")));

    private @Nullable GrpcEcho backend;
    private @Nullable GrpcLane lane;

    /// A gateway in front of a backend, in the way that the subclass is about.
    public abstract Served serve(Endpoint backend);

    @BeforeEach
    void start() throws IOException {
        backend = new GrpcEcho();
        lane = new GrpcLane(serve(backend.endpoint()));
    }

    @AfterEach
    void stop() {
        if (lane != null) {
            lane.close();
        }
        if (backend != null) {
            backend.close();
        }
    }

    private Channel channel() {
        return Objects.requireNonNull(lane).channel();
    }

    private byte[] call(MethodDescriptor<byte[], byte[]> method, byte[] request) {
        return ClientCalls.blockingUnaryCall(
                channel(),
                method,
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                request);
    }

    @Test
    void unary_isAnswered() {
        assertThat(call(UNARY, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
    }

    @Test
    void messagesOf4MiB_pass() {
        byte[] large = new byte[4 << 20];
        Arrays.fill(large, (byte) 7);
        assertThat(call(UNARY, large)).isEqualTo(large);
    }

    @Test
    void compressedMessages_pass() {
        byte[] answer =
                ClientCalls.blockingUnaryCall(
                        channel(),
                        UNARY,
                        CallOptions.DEFAULT.withCompression("gzip"),
                        new byte[100_000]);
        assertThat(answer).hasSize(100_000);
    }

    @Test
    void serverStreaming_keepsTheOrder() {
        Iterator<byte[]> all =
                ClientCalls.blockingServerStreamingCall(
                        channel(), DOWN, CallOptions.DEFAULT, new byte[] {100});
        int seen = 0;
        while (all.hasNext()) {
            assertThat(all.next()).containsExactly(seen++);
        }
        assertThat(seen).isEqualTo(100);
    }

    @Test
    void clientStreaming_isAnsweredAtItsEnd() throws Exception {
        Collected answer = new Collected();
        StreamObserver<byte[]> up =
                ClientCalls.asyncClientStreamingCall(
                        channel().newCall(UP, CallOptions.DEFAULT), answer);
        for (int i = 0; i < 1_000; i++) {
            up.onNext(new byte[1_000]);
        }
        up.onCompleted();
        assertThat(answer.end()).isEqualTo(Status.Code.OK);
        assertThat(answer.values().get(0)).asString().isEqualTo("1000000");
    }

    @Test
    void bidirectionalStreaming_alternates() throws Exception {
        Collected answer = new Collected();
        StreamObserver<byte[]> both =
                ClientCalls.asyncBidiStreamingCall(
                        channel().newCall(BOTH, CallOptions.DEFAULT), answer);
        for (int i = 0; i < 50; i++) {
            both.onNext(new byte[] {(byte) i});
            int expected = i + 1;
            await().until(() -> answer.values().size() == expected);
        }
        both.onCompleted();
        assertThat(answer.end()).isEqualTo(Status.Code.OK);
    }

    @Test
    void errors_keepTheirDetails() {
        StatusRuntimeException error =
                catchThrowableOfType(StatusRuntimeException.class, () -> call(FAIL, new byte[0]));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(error.getStatus().getDescription()).isEqualTo("größer als 100 %");
        assertThat(Objects.requireNonNull(error.getTrailers()).get(BINARY))
                .containsExactly(0, 1, 0xff);
    }

    @Test
    void metadata_passesBothWays() {
        Metadata sent = new Metadata();
        sent.put(BINARY, new byte[] {0, 10, 13, (byte) 0xff});
        sent.put(TEXT, "a, b");
        AtomicReference<Metadata> head = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        Channel with =
                ClientInterceptors.intercept(
                        channel(),
                        MetadataUtils.newAttachHeadersInterceptor(sent),
                        MetadataUtils.newCaptureMetadataInterceptor(head, trailers));
        ClientCalls.blockingUnaryCall(with, UNARY, CallOptions.DEFAULT, new byte[0]);
        for (Metadata each : List.of(head.get(), trailers.get())) {
            assertThat(each.get(BINARY)).containsExactly(0, 10, 13, 0xff);
            assertThat(each.get(TEXT)).isEqualTo("a, b");
        }
    }

    @Test
    void unknownMethod_isUnimplemented() {
        MethodDescriptor<byte[], byte[]> other =
                UNARY.toBuilder().setFullMethodName("other.Service/unary").build();
        StatusRuntimeException error =
                catchThrowableOfType(StatusRuntimeException.class, () -> call(other, new byte[0]));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(error.getStatus().getDescription()).isEqualTo("no route matches the request");
    }

    @Test
    void aThousandStreams_shareOneConnection() throws Exception {
        List<Collected> answers = new ArrayList<>();
        List<StreamObserver<byte[]>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Collected answer = new Collected();
            answers.add(answer);
            calls.add(
                    ClientCalls.asyncBidiStreamingCall(
                            channel().newCall(BOTH, CallOptions.DEFAULT), answer));
        }
        for (StreamObserver<byte[]> call : calls) {
            call.onNext(new byte[] {42});
        }
        await().untilAsserted(() -> assertThat(answers).allMatch(a -> a.values().size() == 1));
        calls.forEach(StreamObserver::onCompleted);
        for (Collected answer : answers) {
            assertThat(answer.end()).isEqualTo(Status.Code.OK);
        }
    }
}
