package dev.sluice.gateway;

import dev.sluice.ir.Upstream.Endpoint;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An HTTP/1.1 backend over plain sockets, so that tests see and choose each byte.
final class RawBackend implements AutoCloseable {

    /// What is done with one request.
    interface Script {
        /// @param request the head as received, with its body if it has a Content-Length
        /// @return whether the connection goes on
        boolean serve(String request, InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket socket;
    private final Script script;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    RawBackend(Script script) throws IOException {
        this(0, script);
    }

    /// @param port 0 for a free one
    RawBackend(int port, Script script) throws IOException {
        this.script = script;
        this.socket = new ServerSocket(port, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// Answers each request with the request itself.
    static RawBackend echo() throws IOException {
        return new RawBackend((request, _, out) -> {
            out.write(ok(request));
            return true;
        });
    }

    /// Answers each request with a text.
    static RawBackend saying(String text) throws IOException {
        return new RawBackend((_, _, out) -> {
            out.write(ok(text));
            return true;
        });
    }

    static byte[] ok(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        return ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                        + bytes.length
                        + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /// An answer without a body.
    static byte[] empty(int status) {
        return bytes("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", socket.getLocalPort());
    }

    /// All requests so far.
    List<String> requests() {
        return requests;
    }

    /// How many connections were accepted so far.
    int connections() {
        return connections.get();
    }

    /// Closes the connections, and goes on accepting.
    void dropConnections() throws IOException {
        for (Socket connection : open) {
            connection.close();
        }
        open.clear();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                connections.incrementAndGet();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            String request = readRequest(in);
            while (request != null) {
                requests.add(request);
                OutputStream out = connection.getOutputStream();
                if (!script.serve(request, in, out)) {
                    return;
                }
                out.flush();
                request = readRequest(in);
            }
        } catch (IOException e) {
            // The gateway closed the connection.
        }
    }

    static @org.jspecify.annotations.Nullable String readRequest(InputStream in)
            throws IOException {
        String head = readHead(in);
        if (head == null) {
            return null;
        }
        int length = RawClient.contentLength(head);
        return head + new String(in.readNBytes(Math.max(0, length)), StandardCharsets.ISO_8859_1);
    }

    static @org.jspecify.annotations.Nullable String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        dropConnections();
    }
}
