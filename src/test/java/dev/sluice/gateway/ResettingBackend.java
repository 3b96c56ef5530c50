package dev.sluice.gateway;

import static dev.sluice.fixture.wire.RawHttp2Client.DATA;
import static dev.sluice.fixture.wire.RawHttp2Client.END_HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.HEADERS;
import static dev.sluice.fixture.wire.RawHttp2Client.RST_STREAM;

import dev.sluice.fixture.wire.RawHttp2Client;
import dev.sluice.fixture.wire.RawHttp2Client.Frame;
import dev.sluice.ir.Upstream.Endpoint;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// A gRPC backend that resets each call, and keeps its connection: a call of `hang` after a first
/// message, others before any answer.
final class ResettingBackend implements AutoCloseable {

    private static final byte[] HEAD =
            RawHttp2Client.block(":status", "200", "content-type", "application/grpc");
    private static final byte[] EMPTY_MESSAGE = new byte[5];

    private final ServerSocket socket = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final byte[] code;

    ResettingBackend(Http2Error error) throws IOException {
        code = ByteBuffer.allocate(4).putInt((int) error.code()).array();
        Thread.ofVirtual().start(this::accept);
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", socket.getLocalPort());
    }

    /// How many connections were accepted so far.
    int connections() {
        return connections.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (RawHttp2Client gateway = RawHttp2Client.accepted(connection)) {
            while (true) {
                Frame call = gateway.read(HEADERS);
                if (String.valueOf(gateway.fields(call).path()).endsWith("/hang")) {
                    gateway.send(HEADERS, END_HEADERS, call.stream(), HEAD);
                    gateway.send(DATA, 0, call.stream(), EMPTY_MESSAGE);
                }
                gateway.send(RST_STREAM, 0, call.stream(), code);
            }
        } catch (Exception e) {
            // The gateway closed the connection.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
