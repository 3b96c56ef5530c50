package dev.sluice.gateway;

import dev.sluice.ir.Upstream.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A backend that counts requests, and remembers bytes that do not make exactly one.
final class StrictBackend implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    private final Queue<String> malformed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();

    StrictBackend() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", socket.getLocalPort());
    }

    Queue<String> malformed() {
        return malformed;
    }

    int requests() {
        return requests.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = connection.getInputStream();
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                seen.write(buffer, 0, n);
                byte[] all = seen.toByteArray();
                int end = new StrictHttp(all, all.length).end(0);
                if (end == StrictHttp.MALFORMED || end >= 0 && end < all.length) {
                    malformed.add(seen.toString(StandardCharsets.ISO_8859_1));
                    return;
                }
                if (end >= 0) {
                    requests.incrementAndGet();
                    String seenText = seen.toString(StandardCharsets.ISO_8859_1);
                    seen.reset();
                    boolean head = seenText.startsWith("HEAD ");
                    connection
                            .getOutputStream()
                            .write(
                                    head
                                            ? RawBackend.bytes(
                                                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
                                            : RawBackend.ok("ok"));
                }
            }
        } catch (IOException e) {
            // The gateway closed the connection.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
