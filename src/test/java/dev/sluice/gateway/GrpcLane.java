package dev.sluice.gateway;

import dev.sluice.fixture.gateway.Served;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.util.concurrent.TimeUnit;

/// A gateway in front of a gRPC backend, and a channel of grpc-java through it.
final class GrpcLane implements AutoCloseable {

    private final Served gateway;
    private final ManagedChannel channel;

    GrpcLane(Served gateway) {
        this.gateway = gateway;
        this.channel =
                Grpc.newChannelBuilder(
                                "127.0.0.1:" + gateway.port(), InsecureChannelCredentials.create())
                        .maxInboundMessageSize(8 << 20)
                        .build();
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        try {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            gateway.close();
        }
    }
}
