package dev.sluice.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An HTTP/1.1 client over a plain socket, so that tests choose and see each byte.
final class RawClient implements AutoCloseable {

    static final int PATIENCE_MILLIS = 10_000;

    private static final Pattern LENGTH =
            Pattern.compile("\r\ncontent-length: *([0-9]+)\r\n", Pattern.CASE_INSENSITIVE);

    private final Socket socket;
    private final InputStream in;

    RawClient(int port) throws IOException {
        this(port, PATIENCE_MILLIS);
    }

    /// @param patience milliseconds to wait for what does not come
    RawClient(int port, int patience) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(patience);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// A response.
    ///
    /// @param head status line and fields
    /// @param body decoded when it was chunked
    record Response(String head, String body) {
        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        /// A field's value, empty when it is absent.
        String field(String name) {
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                    return line.substring(name.length() + 1).trim();
                }
            }
            return "";
        }
    }

    static int contentLength(String head) {
        Matcher matcher = LENGTH.matcher(head);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    RawClient send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /// Sends a GET without further fields and reads the response.
    Response get(String host, String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
    }

    /// Reads one response.
    Response read() throws IOException {
        return read(false);
    }

    /// @param bodiless whether the response has no body, whatever its head says
    Response read(boolean bodiless) throws IOException {
        String head = RawBackend.readHead(in);
        if (head == null) {
            throw new EOFException("no response");
        }
        if (bodiless
                || head.startsWith("HTTP/1.1 1")
                || head.contains(" 204 ")
                || head.contains(" 304 ")) {
            return new Response(head, "");
        }
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("transfer-encoding: chunked")) {
            return new Response(head, readChunks());
        }
        int length = contentLength(head);
        byte[] body = length >= 0 ? in.readNBytes(length) : in.readAllBytes();
        if (body.length < length) {
            throw new EOFException("the body was cut: " + body.length + " of " + length);
        }
        return new Response(head, new String(body, StandardCharsets.ISO_8859_1));
    }

    private String readChunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(readLine(), 16);
            if (size == 0) {
                StringBuilder trailers = new StringBuilder();
                for (String line = readLine(); !line.isEmpty(); line = readLine()) {
                    trailers.append(line).append('\n');
                }
                return body.toString(StandardCharsets.ISO_8859_1) + trailers;
            }
            byte[] part = in.readNBytes(size);
            if (part.length < size) {
                throw new EOFException("a chunk was cut");
            }
            body.write(part);
            readLine();
        }
    }

    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int b = in.read();
        while (b != '\n') {
            if (b < 0) {
                throw new EOFException("the stream ended in a line");
            }
            if (b != '\r') {
                line.append((char) b);
            }
            b = in.read();
        }
        return line.toString();
    }

    /// Reads so many bytes as text.
    String read(int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    /// Reads until the server ends the connection, or cuts it.
    String readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (java.net.SocketException e) {
            // reset: what came before it counts
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /// Whether the server has ended the connection; waits for it up to the read time-out.
    boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true; // reset
        }
    }

    void closeOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
