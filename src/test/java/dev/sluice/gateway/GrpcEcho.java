package dev.sluice.gateway;

import dev.sluice.ir.Upstream.Endpoint;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A gRPC service of grpc-java: one method of each kind, one that fails and those that never end.
/// Metadata comes back as head and as trailers.
final class GrpcEcho implements AutoCloseable {

    static final Metadata.Key<byte[]> BINARY =
            Metadata.Key.of("x-data-bin", Metadata.BINARY_BYTE_MARSHALLER);
    static final Metadata.Key<String> TEXT =
            Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);

    static final MethodDescriptor.Marshaller<byte[]> BYTES =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(byte[] value) {
                    return new ByteArrayInputStream(value);
                }

                @Override
                public byte[] parse(InputStream stream) {
                    try {
                        return stream.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    static final MethodDescriptor<byte[], byte[]> UNARY = method("unary", MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> DOWN =
            method("down", MethodType.SERVER_STREAMING);
    static final MethodDescriptor<byte[], byte[]> UP = method("up", MethodType.CLIENT_STREAMING);
    static final MethodDescriptor<byte[], byte[]> BOTH = method("both", MethodType.BIDI_STREAMING);
    static final MethodDescriptor<byte[], byte[]> FAIL = method("fail", MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> HANG =
            method("hang", MethodType.SERVER_STREAMING);
    static final MethodDescriptor<byte[], byte[]> HANG_UNARY =
            method("hangUnary", MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> HANG_UP =
            method("hangUp", MethodType.CLIENT_STREAMING);

    private final AtomicInteger hanging = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final Server server;

    GrpcEcho() throws IOException {
        server =
                Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                        .addService(ServerInterceptors.intercept(service(), new EchoMetadata()))
                        .maxInboundMessageSize(8 << 20)
                        .build()
                        .start();
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.getPort());
    }

    /// How many calls that never end were begun.
    int hanging() {
        return hanging.get();
    }

    /// How many of them were cancelled.
    int cancelled() {
        return cancelled.get();
    }

    @Override
    public void close() {
        stop();
    }

    /// Ends its calls and its connections.
    void stop() {
        try {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
                .setType(type)
                .setFullMethodName("test.Echo/" + name)
                .build();
    }

    private ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("test.Echo")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall((request, to) -> reply(to, request)))
                .addMethod(
                        DOWN,
                        ServerCalls.asyncServerStreamingCall((request, to) -> {
                            for (int i = 0; i < request[0]; i++) {
                                to.onNext(new byte[] {(byte) i});
                            }
                            to.onCompleted();
                        }))
                .addMethod(UP, ServerCalls.asyncClientStreamingCall(GrpcEcho::sum))
                .addMethod(BOTH, ServerCalls.asyncBidiStreamingCall(GrpcEcho::echo))
                .addMethod(
                        FAIL,
                        ServerCalls.asyncUnaryCall((request, to) -> {
                            Metadata details = new Metadata();
                            details.put(BINARY, new byte[] {0, 1, (byte) 0xff});
                            to.onError(
                                    Status.ALREADY_EXISTS
                                            .withDescription("größer als 100 %")
                                            .asRuntimeException(details));
                        }))
                .addMethod(
                        HANG,
                        ServerCalls.asyncServerStreamingCall((request, to) -> {
                            hang(to);
                            to.onNext(new byte[0]);
                        }))
                .addMethod(HANG_UNARY, ServerCalls.asyncUnaryCall((request, to) -> hang(to)))
                .addMethod(
                        HANG_UP,
                        ServerCalls.asyncClientStreamingCall(to -> {
                            hang(to);
                            return observer(_ -> {}, () -> {});
                        }))
                .build();
    }

    private void hang(StreamObserver<byte[]> to) {
        ((ServerCallStreamObserver<byte[]>) to).setOnCancelHandler(cancelled::incrementAndGet);
        hanging.incrementAndGet();
    }

    private static void reply(StreamObserver<byte[]> to, byte[] value) {
        to.onNext(value);
        to.onCompleted();
    }

    private static StreamObserver<byte[]> sum(StreamObserver<byte[]> to) {
        AtomicInteger sum = new AtomicInteger();
        return observer(
                part -> sum.addAndGet(part.length),
                () -> reply(to, String.valueOf(sum.get()).getBytes(StandardCharsets.US_ASCII)));
    }

    private static StreamObserver<byte[]> echo(StreamObserver<byte[]> to) {
        return observer(to::onNext, to::onCompleted);
    }

    static StreamObserver<byte[]> observer(Consumer<byte[]> next, Runnable completed) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] value) {
                next.accept(value);
            }

            @Override
            public void onError(Throwable cause) {
                // The caller left.
            }

            @Override
            public void onCompleted() {
                completed.run();
            }
        };
    }

    /// Sends metadata back, as head and as trailers.
    private static final class EchoMetadata implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata sent, ServerCallHandler<Q, R> next) {
            Metadata back = new Metadata();
            if (sent.containsKey(BINARY)) {
                back.put(BINARY, sent.get(BINARY));
            }
            if (sent.containsKey(TEXT)) {
                back.put(TEXT, sent.get(TEXT));
            }
            call.setCompression("gzip");
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public void sendHeaders(Metadata headers) {
                            headers.merge(back);
                            super.sendHeaders(headers);
                        }

                        @Override
                        public void close(Status status, Metadata trailers) {
                            trailers.merge(back);
                            super.close(status, trailers);
                        }
                    },
                    sent);
        }
    }
}
