package dev.sluice.gateway;

import static dev.sluice.gateway.GrpcEcho.BINARY;
import static dev.sluice.gateway.GrpcEcho.BOTH;
import static dev.sluice.gateway.GrpcEcho.DOWN;
import static dev.sluice.gateway.GrpcEcho.FAIL;
import static dev.sluice.gateway.GrpcEcho.HANG;
import static dev.sluice.gateway.GrpcEcho.TEXT;
import static dev.sluice.gateway.GrpcEcho.UNARY;
import static dev.sluice.gateway.GrpcEcho.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// gRPC through the gateway, with grpc-java on both ends.
abstract class GrpcContract {

    private @Nullable GrpcEcho backend;
    private @Nullable TestGateway gateway;
    private @Nullable ManagedChannel channel;

    /// A gateway whose rules take the way that the subclass is about.
    abstract TestGateway gateway();

    @BeforeEach
    void start() throws IOException {
        backend = new GrpcEcho();
        gateway =
                gateway()
                        .http2Backend("one", backend.endpoint())
                        .rule("/test.Echo", "one")
                        .publish();
        channel =
                Grpc.newChannelBuilder(
                                "127.0.0.1:" + gateway.port(), InsecureChannelCredentials.create())
                        .maxInboundMessageSize(8 << 20)
                        .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (channel != null) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
        if (gateway != null) {
            gateway.close();
        }
        if (backend != null) {
            backend.close();
        }
    }

    private Channel channel() {
        return Objects.requireNonNull(channel);
    }

    private GrpcEcho backend() {
        return Objects.requireNonNull(backend);
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
        answer.await();
        assertThat(answer.values.get(0)).asString().isEqualTo("1000000");
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
            await().until(() -> answer.values.size() == expected);
        }
        both.onCompleted();
        answer.await();
        assertThat(answer.error.get()).isNull();
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
    void deadline_endsTheCallOnBothSides() {
        Iterator<byte[]> all =
                ClientCalls.blockingServerStreamingCall(
                        channel(),
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
        await().untilAsserted(() -> assertThat(backend().cancelled()).isEqualTo(1));
    }

    @Test
    void cancelledCall_isCancelledAtTheBackend() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        ClientCall<byte[], byte[]> call = channel().newCall(HANG, CallOptions.DEFAULT);
        ClientCalls.asyncServerStreamingCall(
                call, new byte[0], GrpcEcho.observer(value -> first.countDown(), () -> {}));
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        call.cancel("enough", null);
        await().untilAsserted(() -> assertThat(backend().cancelled()).isEqualTo(1));
    }

    @Test
    void backendThatEnds_makesTheCallUnavailable() throws Exception {
        Collected answer = new Collected();
        ClientCalls.asyncServerStreamingCall(
                channel().newCall(HANG, CallOptions.DEFAULT), new byte[0], answer);
        await().until(() -> !answer.values.isEmpty());
        backend().close();
        answer.await();
        assertThat(answer.error.get()).isNotNull();
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
        await().untilAsserted(() -> assertThat(answers).allMatch(a -> a.values.size() == 1));
        calls.forEach(StreamObserver::onCompleted);
        for (Collected answer : answers) {
            answer.await();
            assertThat(answer.error.get()).isNull();
        }
    }

    private static final class Collected implements StreamObserver<byte[]> {
        private final List<byte[]> values = new CopyOnWriteArrayList<>();
        private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
        private final CountDownLatch done = new CountDownLatch(1);

        @Override
        public void onNext(byte[] value) {
            values.add(value);
        }

        @Override
        public void onError(Throwable cause) {
            error.set(cause);
            done.countDown();
        }

        @Override
        public void onCompleted() {
            done.countDown();
        }

        void await() throws InterruptedException {
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
